/// What is seen of a head that is a sequence of modules: norm, something without parameters, and the
/// classifier (`torchvision/models/convnext.py`). Layers of the user's own have the same names.
struct HeadSequence {
  /// Whether it has parameters.
  private(set) var isThere = false
  /// Whether there are parameters behind the classifier's place: it is a layer before another one.
  private(set) var goesOn = false

  /// The classifier's number.
  private static let classifierIndex = 2

  /// Notes a name, if it is one of the sequence.
  mutating func note(_ name: DottedName, in head: String) {
    guard name.componentCount > 2, name[0].elementsEqual(head.utf8),
      let index = Int(String(decoding: name[1], as: UTF8.self))
    else { return }
    isThere = true
    if index > Self.classifierIndex { goesOn = true }
  }

  /// Norms have one dimension, and the weight of a classifier two, which tells them from others.
  static func isPlausible(_ row: NameTable.Row, _ shape: [Int]) -> Bool {
    switch row.canonical.text {
    case "head.norm.weight", "head.norm.bias", "head.classifier.bias": shape.count == 1
    case "head.classifier.weight": shape.count == 2
    default: true
    }
  }
}
