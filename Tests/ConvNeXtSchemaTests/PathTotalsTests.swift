import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("PathTotals")
struct PathTotalsTests {
  private func totals(
    _ paths: [String], _ names: [String]
  ) -> [String: PathTotals.Total] {
    var totals = PathTotals(paths.map { Array($0.utf8) })
    for (index, name) in names.enumerated() {
      totals.add(TensorName(name), elementCount: 10, byteCount: index + 1)
    }
    return Dictionary(
      uniqueKeysWithValues: totals.totals.map { (String(decoding: $0, as: UTF8.self), $1) })
  }

  @Test("a tensor counts under every path that its name begins with, and under no other")
  func nested() {
    let found = totals(
      ["model.", "model.a.", "model.b.", "z."],
      ["model.a.w", "model.ab.w", "model.a.", "model", "other.w"])
    #expect(found["model."] == .init(tensorCount: 3, elementCount: 30, byteCount: 1 + 2 + 3))
    #expect(found["model.a."] == .init(tensorCount: 2, elementCount: 20, byteCount: 1 + 3))
    #expect(found["model.b."] == .init())
    #expect(found["z."] == .init())
  }

  @Test("every name begins with the empty path")
  func everything() {
    #expect(
      totals([""], ["a", "", "é"])[""] == .init(tensorCount: 3, elementCount: 30, byteCount: 6))
    #expect(totals([], ["a"]).isEmpty)
  }

  @Test("paths are bytes, which need not end with a dot, and each counts once")
  func bytes() {
    let found = totals(["x", "x", "\u{E9}."], ["xy.w", "x", "\u{E9}.w", "e\u{301}.w"])
    #expect(found["x"] == .init(tensorCount: 2, elementCount: 20, byteCount: 3))
    #expect(found.count == 2)
    #expect(found["\u{E9}."] == .init(tensorCount: 1, elementCount: 10, byteCount: 3))
  }

  @Test("sizes that overflow stop nothing")
  func overflow() {
    var totals = PathTotals([Array("a".utf8), []])
    totals.add("a", elementCount: .max, byteCount: .max)
    totals.add("ab", elementCount: 1, byteCount: .max)
    #expect(
      totals.totals[[]] == .init(tensorCount: 2, elementCount: .max, byteCount: .max))
  }

  @Test("what is found is what holding each path against each name finds", arguments: 0..<40)
  func naive(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let letters = ["a", "b", "."]
    func text() -> String {
      (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        letters[Int.random(in: 0..<3, using: &generator)]
      }.joined()
    }
    let paths = (0..<20).map { _ in text() }
    let names = (0..<60).map { _ in text() }
    let found = totals(paths, names)
    for path in paths {
      let inside = names.indices.filter { names[$0].hasPrefix(path) }
      #expect(
        found[path]
          == .init(
            tensorCount: inside.count, elementCount: 10 * inside.count,
            byteCount: inside.reduce(0) { $0 + $1 + 1 }))
    }
  }
}
