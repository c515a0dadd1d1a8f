import Testing

@testable import ConvNeXtSchema

@Suite("NamePattern")
struct NamePatternTests {
  private func match(_ pattern: String, _ name: String) -> NamePattern.Indices? {
    NamePattern(pattern).match(DottedName(name.utf8))
  }

  @Test(
    "places take plain decimals that the formula can give",
    arguments: [
      ("a.{i}.{j}.w", "a.3.12.w", 3, 12), ("f.{2i+1}.{j}", "f.5.0", 2, 0),
      ("f.{2i}.{j}", "f.6.1", 3, 1), ("s_{i}.{j}", "s_2.7", 2, 7),
      ("stage{i+1}.{j}", "stage4.0", 3, 0),
    ])
  func matches(pattern: String, name: String, stage: Int, block: Int) {
    #expect(match(pattern, name) == .init(stage: stage, block: block))
    #expect(NamePattern(pattern).name(.init(stage: stage, block: block)) == name)
  }

  @Test(
    "other names do not match",
    arguments: [
      ("a.{i}.w", "a.01.w"), ("a.{i}.w", "a.-1.w"), ("a.{i}.w", "a.+1.w"), ("a.{i}.w", "a..w"),
      ("a.{i}.w", "a.1"), ("a.{i}.w", "a.1.w.x"), ("a.{i}.w", "a.1.W"), ("f.{2i+1}", "f.4"),
      ("f.{2i+1}", "f.0"), ("stage{i+1}", "stage0"), ("a.{i}.w", "a.٣.w"),
      ("a.{i}.w", "a.99999999999999999999.w"), ("a.{i}.{i}", "a.1.2"),
    ])
  func doesNotMatch(pattern: String, name: String) {
    #expect(match(pattern, name) == nil)
  }
}
