import ByteIO
import Synchronization

/// How one publisher writes the names of a ConvNeXt: a table that is read in both directions.
final class NameTable: Sendable {
  /// A line of the table.
  final class Row: Sendable {
    /// The canonical name.
    let canonical: NamePattern
    /// The publisher's name, without `bodyPrefix`.
    let theirs: NamePattern
    /// Whether the body's prefix precedes the publisher's name.
    let isInBody: Bool
    /// Unit dimensions around the canonical shape.
    let shape: ShapeRule
    /// The models that the row is for.
    let condition: Condition

    /// How many dimensions the tensor has without unit dimensions around it.
    let rank: Int

    init(
      canonical: NamePattern, theirs: NamePattern, isInBody: Bool, shape: ShapeRule,
      condition: Condition
    ) {
      let isWeight = canonical.last?.elementsEqual("weight".utf8) ?? false
      rank =
        isWeight
        ? Self.ranks.first { row in canonical.hasLiteral { $0.elementsEqual(row.module.utf8) } }?
          .rank
          ?? 1 : 1
      self.canonical = canonical
      self.theirs = theirs
      self.isInBody = isInBody
      self.shape = shape
      self.condition = condition
    }

    /// The weights that have more than one dimension, by the canonical name of their module.
    private static let ranks: [(module: String, rank: Int)] = [
      ("depthwise", 4), ("conv", 4), ("conv1", 4), ("conv2", 4), ("expand", 2), ("project", 2),
      ("pre_logits", 2), ("classifier", 2),
    ]
  }

  /// What a name must have for a pattern to match it; most names do not have it.
  private struct Ending: Hashable {
    let componentCount: Int
    let last: [UInt8]

    /// All bytes at once: every name of a file is looked up.
    func hash(into hasher: inout Hasher) {
      hasher.combine(componentCount)
      last.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  /// Where the publisher's shape differs from the canonical one, by unit dimensions.
  struct ShapeRule: Equatable, Sendable {
    var leadingUnits = 0
    var trailingUnits = 0

    func apply(to shape: [Int]) -> [Int] {
      [Int](repeating: 1, count: leadingUnits) + shape + [Int](repeating: 1, count: trailingUnits)
    }
  }

  /// The models that a row is for.
  enum Condition: String, Sendable {
    case always = ""
    /// Stems of two convolutions.
    case overlap
    /// Stems of two convolutions with an activation between them.
    case overlapAct = "overlap-act"
    /// A final norm before pooling.
    case normFirst = "norm-first"
    /// `expand` and `project` stored as 1x1 convolutions.
    case convMLP = "conv-mlp"
    /// Layers of the head stored as 1x1 convolutions.
    case unpooled
    /// Names that occur in files and are never written.
    case alias
    /// Second names of tensors that some models register twice.
    case repeated

    func holds(for architecture: Architecture) -> Bool {
      switch self {
      case .always: true
      case .overlap:
        if case .overlap(_, hasActivation: false) = architecture.stem { true } else { false }
      case .overlapAct:
        if case .overlap(_, hasActivation: true) = architecture.stem { true } else { false }
      case .normFirst: architecture.head.norm == .beforePooling
      case .convMLP: architecture.block.hasPointwiseConvolutions
      case .unpooled: !architecture.head.isPooled
      case .alias, .repeated: false
      }
    }
  }

  /// Whose names these are.
  let naming: Naming
  /// The kind of file that has them, for reports: `timm`, `timm features_only`.
  let title: String
  /// Prefixes that the body's names (all but the classifier's) may have in this naming.
  let bodyPrefixes: [String]
  /// The name of the depthwise convolutions' weights, by which a naming is recognized.
  let depthwise: NamePattern?
  private let text: String
  /// The lines, once they are needed: a file needs those of one or two tables, and reading all of
  /// them takes longer than opening it.
  private let lines = Lock<Lines?>(nil)

  private final class Lines: Sendable {
    let rows: [Row]
    let rowsByTemplate: [String: [Row]]
    let rowsByEnding: [Ending: [Row]]

    init(_ text: String) {
      rows = SourceTable.rows(of: text).flatMap(NameTable.rows)
      rowsByTemplate = Dictionary(grouping: rows, by: \.canonical.text)
      rowsByEnding = Dictionary(grouping: rows) { row in
        Ending(componentCount: row.theirs.componentCount, last: row.theirs.last ?? [])
      }
    }
  }

  /// Reads a table of columns separated by white space: the canonical name, the publisher's name,
  /// then, where needed, the publisher's shape (`*` is the canonical one) and a condition.
  ///
  /// A last component `*` means `weight` and `bias`. A publisher's name that begins with `~` has
  /// the body's prefix before it.
  init(_ naming: Naming, title: String, bodyPrefixes: [String] = [""], _ table: String) {
    self.naming = naming
    self.title = title
    self.bodyPrefixes = bodyPrefixes
    text = table
    depthwise = SourceTable.rows(of: table).first { $0[0] == "stages.{i}.blocks.{j}.depthwise.*" }
      .flatMap { Self.rows($0).first?.theirs }
  }

  /// The lines, in the table's order.
  var rows: [Row] { read.rows }

  private var read: Lines {
    lines.withLock { lines in
      let read = lines ?? Lines(text)
      lines = read
      return read
    }
  }

  private static func rows(_ columns: [String]) -> [Row] {
    guard columns.count >= 2 else { return [] }
    var shape = ShapeRule()
    var condition = Condition.always
    for column in columns.dropFirst(2) {
      if column.contains("*") {
        let units = column.split(separator: ",", omittingEmptySubsequences: false)
        let star = units.firstIndex(of: "*") ?? 0
        shape = ShapeRule(leadingUnits: star, trailingUnits: units.count - star - 1)
      } else if let named = Condition(rawValue: column) {
        condition = named
      } else {
        preconditionFailure("unknown condition in the table of names")
      }
    }
    let isInBody = columns[1].utf8.first == UInt8(ascii: "~")
    let theirs = isInBody ? String(columns[1].dropFirst()) : columns[1]
    let leaves = columns[0].utf8.last == UInt8(ascii: "*") ? ["weight", "bias"] : [nil]
    return leaves.map { leaf in
      Row(
        canonical: pattern(columns[0], leaf), theirs: pattern(theirs, leaf), isInBody: isInBody,
        shape: shape, condition: condition)
    }
  }

  /// The pattern of a column, its `*` replaced by `leaf`.
  private static func pattern(_ column: String, _ leaf: String?) -> NamePattern {
    NamePattern(leaf.map { String(column.dropLast()) + $0 } ?? column)
  }

  /// The rows whose pattern a publisher's name can match, in the table's order. No pattern in a
  /// table ends in a placeholder.
  func rows(thatMayMatch name: DottedName) -> [Row] {
    read.rowsByEnding[Ending(componentCount: name.componentCount, last: Array(name.last))] ?? []
  }

  /// The row that names a parameter in a model; `nil` if the publisher has no name for it.
  ///
  /// A row whose condition holds takes precedence over one without a condition.
  func row(for parameter: Parameter, in architecture: Architecture) -> Row? {
    let rows = read.rowsByTemplate[parameter.template] ?? []
    return rows.last { $0.condition != .always && $0.condition.holds(for: architecture) }
      ?? rows.first { $0.condition == .always }
  }

  /// Rows with other names under which a parameter occurs in files.
  func aliases(for parameter: Parameter) -> [Row] {
    (read.rowsByTemplate[parameter.template] ?? []).filter {
      $0.condition == .alias || $0.condition == .repeated
    }
  }

  /// The row with the second name under which some models register a parameter again.
  func repeatedRow(for parameter: Parameter) -> Row? {
    read.rowsByTemplate[parameter.template]?.first { $0.condition == .repeated }
  }
}
