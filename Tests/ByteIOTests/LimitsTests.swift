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
    #expect(limits.count == 19)
    #expect(rows == limits)
  }

  @Test("every limit has its name, and can be set by it")
  func names() {
    let labels = Mirror(reflecting: Limits.standard).children.compactMap(\.label)
    #expect(Set(Limits.Name.allCases.map(\.rawValue)) == Set(labels))
    for name in Limits.Name.allCases {
      var limits = Limits.standard
      limits[name] = 7
      let changed = Mirror(reflecting: limits).children.filter { $0.value as? Int == 7 }
      #expect(changed.map(\.label) == [name.rawValue])
      #expect(limits[name] == 7)
      #expect(name.hint.contains("--limit \(name.rawValue)="))
    }
  }

  @Test("a budget is in proportion, not below its floor, and does not overflow")
  func budget() {
    #expect(Limits.budget(ratio: 64, byteCount: 1000, floor: 10) == 64_000)
    #expect(Limits.budget(ratio: 64, byteCount: 0, floor: 10) == 10)
    #expect(Limits.budget(ratio: .max, byteCount: 3, floor: 10) == .max)
  }
}
