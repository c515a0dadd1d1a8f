import ConvNeXtSchema
import Convert
import TensorModel

/// Something that `convnext help TOPIC` explains in a table.
///
/// The tables are made from what the program itself uses, and `docs/command-line.md` has the same
/// ones.
enum HelpTopic: String, CaseIterable {
  case exitCodes = "exit-codes"
  case formats
  case naming

  /// What it is about, for the list of topics.
  var abstract: String {
    switch self {
    case .exitCodes: "What the exit status says."
    case .formats: "The files that are read and written."
    case .naming: "Whose names tensors can have."
    }
  }

  /// What else to know.
  private var remark: String {
    switch self {
    case .exitCodes: "With --json an error is one JSON object on standard error, with its status."
    case .formats:
      """
      What kind of file it is comes from its bytes, never from its name. An index of shards and a
      folder with a model as Hugging Face lays it out are read, too. A .bin file can be any of these.
      """
    case .naming:
      """
      'convnext inspect' says whose names a file has; 'convnext convert --naming' writes others. The
      names are those of a tiny model's first depthwise convolution.
      """
    }
  }

  /// The topic as it is printed.
  var text: String {
    "\(abstract)\n\n\(table(isMarkdown: false).aligned(columnCount: nil))\n\(remark)\n"
  }

  /// The table in Markdown.
  var markdown: String {
    table(isMarkdown: true).markdown(escapes: false)
  }

  private func table(isMarkdown: Bool) -> TextTable {
    let code = { (text: String) in isMarkdown ? "`\(text)`" : text }
    switch self {
    case .exitCodes:
      var table = TextTable([("status", isMarkdown ? .left : .right), ("meaning", .left)])
      for status in ExitStatus.allCases { table.append([String(status.rawValue), status.meaning]) }
      return table
    case .formats:
      var table = TextTable([("format", .left), ("what it is", .left), ("written to", .left)])
      for container in Checkpoint.Container.allCases {
        let extensions = container.output?.extensions ?? []
        table.append([
          code(container.rawValue), container.summary,
          extensions.isEmpty
            ? container.isRead ? "only read" : "recognized, not read"
            : extensions.map { code(".\($0)") }.joined(separator: ", "),
        ])
      }
      return table
    case .naming:
      var table = TextTable([
        ("naming", .left), ("whose", .left), ("versions", .left), ("a name", .left),
      ])
      for naming in Naming.allCases {
        let tiny = Self.export("tiny", naming)
        let name = tiny?.entries.first { $0.parameter.name == Self.exampleName }?.name.string
        table.append([
          code(naming.rawValue), naming.publisher,
          Self.export("v2_tiny", naming) == nil ? "1" : "1, 2", code(name ?? "-"),
        ])
      }
      return table
    }
  }

  private static let exampleName = "stages.0.blocks.0.depthwise.weight"

  private static func export(_ configuration: String, _ naming: Naming) -> NameExport? {
    guard let variant = try? Variant.configuration(named: configuration).variant else { return nil }
    return try? NameExport(variant.architecture, naming: naming)
  }
}
