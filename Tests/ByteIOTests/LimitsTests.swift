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
    let limits = Limits.Name.allCases.map { "\($0.rawValue) \(Limits.standard[$0])" }
    #expect(limits.count == 19)
    #expect(rows == limits)
  }

  @Test("every limit has its name, and can be set by it")
  func names() {
    let labels = Mirror(reflecting: Limits.standard).children.compactMap(\.label)
    #expect(Limits.Name.allCases.map { "_\($0.rawValue)" } == labels)
    for name in Limits.Name.allCases {
      var limits = Limits.standard
      limits[name] = 7
      let changed = Mirror(reflecting: limits).children.filter {
        ($0.value as? Limits.Bounded)?.wrappedValue == 7
      }
      #expect(changed.map(\.label) == ["_\(name.rawValue)"])
      #expect(limits[name] == 7)
      #expect(name.hint.contains("--limit \(name.rawValue)="))
    }
  }

  @Test("a limit stays in its range, whatever it is set to", arguments: Limits.Name.allCases)
  func range(name: Limits.Name) {
    #expect(name.range.contains(Limits.standard[name]))
    for number in [Int.min, -1, 0, 1, .max] {
      var limits = Limits.standard
      limits[name] = number
      #expect(limits[name] == min(max(number, name.range.lowerBound), name.range.upperBound))
    }
  }

  @Test("a budget is in proportion, not below its floor, and does not overflow")
  func budget() {
    #expect(Limits.budget(ratio: 64, byteCount: 1000, floor: 10) == 64_000)
    #expect(Limits.budget(ratio: 64, byteCount: 0, floor: 10) == 10)
    #expect(Limits.budget(ratio: .max, byteCount: 3, floor: 10) == .max)
  }
}
