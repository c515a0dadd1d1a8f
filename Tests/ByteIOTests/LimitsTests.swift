import ByteIO
import TestSupport
import Testing

@Suite("Limits")
struct LimitsTests {
  @Test("docs/limits.md has every limit with its default, in order")
  func documented() throws {
    let text = try #require(FileMapping(path: Repository.path("docs/limits.md")).region.text)
    let rows = text.split(separator: "\n").compactMap { line -> String? in
      let cells = line.split(separator: "|").map { $0.filter { $0 != " " } }
      guard let name = cells.first, name.hasPrefix("`"), cells.count == 4 else { return nil }
      return "\(name.filter { $0 != "`" }) \(cells[1])"
    }
    let limits = Mirror(reflecting: Limits.standard).children.map { child in
      "\(child.label ?? "") \(child.value)"
    }
    #expect(limits.count == 14)
    #expect(rows == limits)
  }
}
