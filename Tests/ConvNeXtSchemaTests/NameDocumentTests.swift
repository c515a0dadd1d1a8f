import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

/// Holds `docs/names.md` against the tables.
///
/// After a change, `UPDATE_DOCS=1 swift test --filter NameDocumentTests` writes the parts anew that
/// follow from the code.
@Suite("docs/names.md")
struct NameDocumentTests {
  private let document = Document("docs/names.md")

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows)
      .map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  private static func code(_ text: String) -> String { text.isEmpty ? "" : "`\(text)`" }

  @Test("every naming's table is the one by which names are read", arguments: namings)
  func hasNamings(_ title: String) throws {
    let table = try #require(NameTable.all.first { $0.title == title })
    let text = Self.text(of: table)
    #expect(try document.part(title, expected: text) == text)
  }

  /// The titles of all tables but the canonical one, which translates nothing.
  private static let namings = NameTable.all.map(\.title).filter { $0 != "canonical" }

  private static func text(of table: NameTable) -> String {
    let lines = mergingLeaves(table.rows)
    let hasShapes = lines.contains { !$0.shape.isEmpty }
    let hasConditions = lines.contains { !$0.condition.isEmpty }
    let header =
      ["canonical", table.title] + (hasShapes ? ["shape"] : []) + (hasConditions ? ["when"] : [])
    let rows = lines.map { line in
      [line.canonical, line.theirs].map(code) + (hasShapes ? [code(line.shape)] : [])
        + (hasConditions ? [code(line.condition)] : [])
    }
    let prefixes = table.bodyPrefixes.filter { !$0.isEmpty }.map { code($0) }
    let note = prefixes.isEmpty ? "" : "\nBody's prefixes: \(prefixes.joined(separator: ", ")).\n"
    return self.table(header, rows) + note
  }

  /// A line of a table, as text.
  private struct Line {
    var canonical: String
    var theirs: String
    var shape: String
    var condition: String

    init(_ row: NameTable.Row) {
      canonical = row.canonical.text
      theirs = (row.isInBody ? "~" : "") + row.theirs.text
      let units = [Int](
        repeating: 1, count: row.shape.leadingUnits + row.shape.trailingUnits)
      var shape = units.map(String.init)
      shape.insert("*", at: row.shape.leadingUnits)
      self.shape = shape.count > 1 ? shape.joined(separator: ",") : ""
      condition = row.condition.rawValue
    }

    /// The line that stands for this one and `other`, where they differ by weight and bias only.
    func merged(with other: Line) -> Line? {
      var result = self
      result.canonical = canonical.replacing(".weight", with: ".*")
      result.theirs = theirs.replacing(".weight", with: ".*")
      let isPair =
        canonical.hasSuffix(".weight") && theirs.hasSuffix(".weight")
        && other.canonical == canonical.replacing(".weight", with: ".bias")
        && other.theirs == theirs.replacing(".weight", with: ".bias")
      return isPair && other.shape == shape && other.condition == condition ? result : nil
    }
  }

  private static func mergingLeaves(_ rows: [NameTable.Row]) -> [Line] {
    var lines: [Line] = []
    for line in rows.map({ Line($0) }) {
      if let merged = lines.last?.merged(with: line) {
        lines[lines.count - 1] = merged
      } else {
        lines.append(line)
      }
    }
    return lines
  }

  @Test("every condition of a line is explained, and no other")
  func hasConditions() throws {
    let used = Set(NameTable.all.flatMap(\.rows).map(\.condition.rawValue)).subtracting([""])
    #expect(try document.table("conditions").map { $0[0] } == used.sorted())
  }

  @Test("the words by which a place is preferred are those of the search, in order")
  func hasPreference() throws {
    let text = Self.table(
      ["word", "weights"],
      Candidate.Preference.table.map { word, isAveraged in
        [Self.code(word), isAveraged ? "averages" : "as trained"]
      })
    #expect(try document.part("preference", expected: text) == text)
  }

  // MARK: Canonical names

  /// Models that have every parameter between them, with the numbers that letters stand for.
  private static let models: [(architecture: Architecture, letters: [String: Int])] = {
    let plain = Architecture(depths: [1, 2], widths: [11, 13], classes: 17)
    var dense = Architecture(depths: [1, 2, 1], widths: [11, 13, 19], classes: nil)
    dense.head.norm = .none
    dense.head.outputNormStages = [0, 2]
    var second = plain
    second.block.hasLayerScale = false
    second.block.hasGlobalResponseNorm = true
    second.stem = .overlap(middleChannels: 23, hasActivation: false)
    second.head.hiddenFeatures = 29
    second.stages[0].hiddenWidth = 31
    return [
      (plain, ["K": 17]), (dense, [:]), (second, ["K": 17, "M": 23, "H": 29]),
    ]
  }()

  /// The shapes that a cell such as `[E, Di] or [K, H]` allows a parameter.
  private func shapes(
    _ cell: String, _ parameter: Parameter, _ architecture: Architecture, _ letters: [String: Int]
  ) -> [[Int?]] {
    let widths = architecture.widths
    let stage = parameter.stage ?? 0
    var letters = letters
    letters["D0"] = widths[0]
    letters["Dn"] = widths[widths.count - 1]
    letters["Di"] = widths[stage]
    letters["D(i-1)"] = stage > 0 ? widths[stage - 1] : nil
    letters["E"] = architecture.stages[stage].hiddenWidth
    return cell.replacing(" or ", with: ";").split(separator: ";").map { shape in
      shape.dropFirst().dropLast().replacing(" ", with: "").split(separator: ",").map { word in
        Int(word) ?? letters[String(word)]
      }
    }
  }

  @Test("the canonical names are listed in the order of the forward pass, each with its shape")
  func hasCanonicalNames() throws {
    let rows = try document.table("canonical")
    let listed = rows.map { $0[0] }
    var seen: Set<String> = []
    for (architecture, letters) in Self.models {
      var last = -1
      for parameter in architecture.parameters {
        let index = try #require(listed.firstIndex(of: parameter.template), "\(parameter.name)")
        seen.insert(parameter.template)
        let allowed = shapes(rows[index][1], parameter, architecture, letters)
        #expect(allowed.contains(parameter.shape), "\(parameter.name): \(parameter.shape)")
        // Stages and blocks repeat; within one of them the order is that of the table.
        let isRepeating = parameter.stage != nil && index < last
        #expect(index > last || isRepeating, "\(parameter.name)")
        last = index
      }
    }
    #expect(seen == Set(listed))
    #expect(seen.count == listed.count)
  }

  // MARK: What is lost

  @Test("the features that a naming does not tell are those that do not come back")
  func hasLostFeatures() throws {
    var rows: [[String]] = []
    for naming in Naming.allCases {
      var models: [String: [String]] = [:]
      for variant in Variant.all {
        guard let export = try? NameExport(variant.architecture, naming: naming) else { continue }
        let inputs = export.entries.map { entry in
          SchemaInput(
            info: TensorInfo(name: entry.name, elementType: .float32, shape: entry.shape))
        }
        let found = try Set(ModelMatcher(inputs).match().architecture.features)
        for feature in variant.architecture.features where !found.contains(feature) {
          models[feature, default: []].append(variant.fullName)
        }
      }
      for (feature, names) in models.sorted(by: { $0.key < $1.key }) {
        let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
        rows.append([
          Self.code(naming.rawValue), Self.code(feature),
          names.prefix(3).map(Self.code).joined(separator: ", ") + rest,
        ])
      }
    }
    let text = Self.table(["naming", "feature", "models"], rows)
    #expect(try document.part("lost", expected: text) == text)
  }
}
