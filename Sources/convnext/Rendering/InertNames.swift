import ByteIO

/// The classes and functions that a file asks for and that are kept as values, on one line.
struct InertNames {
  private let counts: [(name: String, count: Int)]
  private static let listedCount = 5

  /// - Parameter names: The qualified names, each as often as it occurs.
  init(_ names: some Sequence<String>) {
    let plain = Set(names).map(Self.withoutMangling)
    counts = Dictionary(plain.map { ($0, 1) }, uniquingKeysWith: +)
      .map { (name: $0.key, count: $0.value) }.sorted { $0.name < $1.name }
  }

  /// A name without what TorchScript adds to distinguish the classes of a model's layers:
  /// `__torch__.torch.nn.modules.conv.___torch_mangle_107.Conv2d`.
  private static func withoutMangling(_ name: String) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("___torch_mangle_") }.joined(separator: ".")
  }

  /// The first names, each with its number of variants, and how many more there are.
  var sentence: String {
    let shown = counts.prefix(Self.listedCount).map { name, count in
      escaped(name, limit: 80) + (count > 1 ? " (\(count) variants)" : "")
    }
    let rest = counts.count - shown.count
    return shown.joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more; 'convnext scan' lists all" : "")
  }
}
