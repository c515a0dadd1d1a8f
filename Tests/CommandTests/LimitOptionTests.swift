import TestSupport
import Testing

@Suite("--limit")
struct LimitOptionTests {
  private static let deep = Fixtures.path("broken/deep-lists.pth")

  @Test("an error names the limit, and --limit raises it")
  func raises() throws {
    let refused = try Command.run("inspect", Self.deep)
    #expect(refused.status == 65)
    #expect(refused.error.contains("--limit pickleInflationRatio="))
    let more = try Command.run("inspect", Self.deep, "--limit", "pickleInflationRatio=1000")
    #expect(more.error.contains("--limit pickleObjectRatio="))
    let deeper = try Command.run(
      "inspect", Self.deep, "--limit", "pickleInflationRatio=1000", "--limit",
      "pickleObjectRatio=1000")
    #expect(deeper.error.contains("--limit pickleDepth="))
    for command in ["inspect", "tensors", "checksum", "verify", "scan"] {
      let timm = Fixtures.path("names/timm.pth")
      let low = try Command.run(command, timm, "--limit", "tensorCount=3", "--json")
      #expect(low.status != 0, "\(command)")
      let raised = try Command.run(
        command, timm, "--limit", "tensorCount=100", "--limit", "pickleDepth=9", "--json")
      #expect(raised.status == 0, "\(command): \(raised.error)")
    }
  }

  @Test(
    "a name or value that no limit has is a usage error that says what there is",
    arguments: [
      ("depth=3", "pickleDepth"), ("pickleDepth", "NAME=VALUE"),
      ("pickleDepth=0", "from 1 to 1000"),
      ("pickleDepth=1001", "from 1 to 1000"), ("rank=-1", "from 1 on"), ("rank=1e3", "from 1 on"),
      ("rank=99999999999999999999", "from 1 on"), ("=1", "NAME=VALUE"), ("", "NAME=VALUE"),
    ])
  func refuses(setting: String, sentence: String) throws {
    let result = try Command.run("inspect", Self.deep, "--limit", setting)
    #expect(result.status == 64)
    #expect(result.error.contains(sentence), "\(result.error)")
  }
}
