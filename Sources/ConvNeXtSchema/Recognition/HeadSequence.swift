/// What is seen of a head that is a sequence of numbered modules: norm, something without
/// parameters, and the classifier (`torchvision/models/convnext.py`). A user's own layers have the
/// same names.
struct HeadSequence {
  /// Whether it has parameters.
  private(set) var isThere = false
  /// Whether parameters follow the classifier's place, which makes it a layer before another one.
  private(set) var goesOn = false

  private let name: [UInt8]
  private let classifierIndex: Int

  /// The sequence of a naming, from the classifier's name (`classifier.2.weight`); `nil` if the
  /// head is not one.
  init?(_ table: NameTable) {
    guard
      let row = table.rows.first(where: { $0.canonical.text == "head.classifier.weight" }),
      let (name, index) = Self.place(DottedName(row.theirs.text.utf8))
    else { return nil }
    self.name = name
    classifierIndex = index
  }

  /// Notes a name, if it is one of the sequence.
  mutating func note(_ parameter: DottedName) {
    guard let (name, index) = Self.place(parameter), name == self.name else { return }
    isThere = true
    if index > classifierIndex { goesOn = true }
  }

  /// The sequence that a parameter is in, and its module's number there.
  private static func place(_ parameter: DottedName) -> (name: [UInt8], index: Int)? {
    guard parameter.componentCount > 2,
      let index = Int(String(decoding: parameter[1], as: UTF8.self))
    else { return nil }
    return (Array(parameter[0]), index)
  }

  /// Norms have one dimension, and a classifier's weight has two, which distinguishes them.
  static func isPlausible(_ row: NameTable.Row, _ shape: [Int]) -> Bool {
    switch row.canonical.text {
    case "head.norm.weight", "head.norm.bias", "head.classifier.bias": shape.count == 1
    case "head.classifier.weight": shape.count == 2
    default: true
    }
  }
}
