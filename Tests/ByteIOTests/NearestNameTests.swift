import TestSupport
import Testing

@testable import ByteIO

@Suite("NearestName")
struct NearestNameTests {
  @Test(
    "the distance is the number of bytes to insert, remove or replace",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "abd", 1),
      ("abc", "acb", 2), ("kitten", "sitting", 3), ("weight", "wieght", 2), ("é", "e", 2),
      ("flaw", "lawn", 2),
    ])
  func distance(left: String, right: String, distance: Int) {
    let (left, right) = (Array(left.utf8)[...], Array(right.utf8)[...])
    #expect(editDistance(left, right) == distance)
    #expect(editDistance(right, left) == distance)
    let rest = withoutCommonEnds(left, right)
    #expect(editDistance(rest.left, rest.right) == distance)
  }

  @Test("what two names begin and end with is no part of their distance", arguments: 0..<50)
  func commonEnds(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let texts = (0..<2).map { _ in
      (0..<Int.random(in: 0...9, using: &generator)).map { _ in
        UInt8.random(in: 97...98, using: &generator)
      }[...]
    }
    let rest = withoutCommonEnds(texts[0], texts[1])
    #expect(editDistance(rest.left, rest.right) == editDistance(texts[0], texts[1]))
    #expect(rest.left.first == nil || rest.left.first != rest.right.first)
    #expect(rest.left.last == nil || rest.left.last != rest.right.last)
  }

  @Test(
    "a name is near where two changes make it, or a third of its bytes",
    arguments: [
      ("gamma", ["beta", "gama"], "gama"), ("a", ["abc"], "abc"), ("a", ["abcd"], nil),
      ("", ["ab"], "ab"), ("", ["abc"], nil), ("norm.weight", ["norm.wei"], "norm.wei"),
      ("norm.weight", ["form.wxyz"], nil), ("x", [], nil),
    ] as [(String, [String], String?)])
  func near(name: String, names: [String], nearest: String?) {
    #expect(nearestName(to: name, in: names) == nearest)
  }

  @Test("the nearest is taken, the first of equally near ones")
  func nearest() {
    #expect(nearestName(to: "abcdef", in: ["abcdxx", "abcdex", "abcxef", "abcdef.x"]) == "abcdex")
    #expect(nearestName(to: "abcdef", in: ["abcdex", "abcdef"]) == "abcdef")
  }

  @Test("very long names are near nothing, and nothing is near them")
  func longNames() {
    let long = String(repeating: "x", count: 257)
    #expect(nearestName(to: long, in: [long]) == nil)
    let longest = String(long.dropLast())
    #expect(nearestName(to: longest, in: [long, longest]) == longest)
  }

  @Test(
    "of very many names the first are looked at: all of a model's, fewer of long ones that differ",
    arguments: [(4095, 10, true), (4096, 10, false), (20, 200, true), (60, 200, false)])
  func manyNames(count: Int, size: Int, isFound: Bool) {
    let named = { (letter: String) in
      "stages.2.blocks." + String(repeating: letter, count: size) + ".weight"
    }
    let others = [String](repeating: named("y"), count: count)
    #expect((nearestName(to: named("x"), in: others + [named("x")]) == named("x")) == isFound)
  }
}
