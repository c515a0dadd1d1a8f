import TestSupport
import Testing

@Suite("diff")
struct DiffCommandTests {
  @Test("which weights of several are compared is said, and can be chosen for each file")
  func keys() throws {
    let fixture = try FixtureManifest.file("torch/ema.pth")
    let alternative = try #require(fixture.model?.alternatives.first)
    let averaged = try Command.run("diff", fixture.path, fixture.path)
    #expect(averaged.status == 0)
    #expect(averaged.error.contains("--first-key '\(alternative.key)' takes those there"))
    #expect(averaged.error.contains("--second-key '\(alternative.key)' takes those there"))
    let mixed = try Command.run("diff", fixture.path, fixture.path, "--first-key", alternative.key)
    #expect(mixed.status == 1)
    #expect(!mixed.error.contains("--first-key"))
    let raw = try Command.run(
      "diff", fixture.path, fixture.path, "--first-key", alternative.key, "--second-key",
      alternative.key)
    #expect(raw.status == 0)
    #expect(raw.error == "")
  }
}
