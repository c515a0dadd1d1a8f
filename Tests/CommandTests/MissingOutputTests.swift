import ArgumentParser
import TestSupport
import Testing

@testable import convnext

@Suite("Missing outputs")
struct MissingOutputTests {
  @Test(
    "an output without its option is told how to be written",
    arguments: [
      "convert a.pth out.convnext", "quantize a.pth out.convnext", "quantize a.pth out.convnext -n",
      "report a.pth out.convnext", "sign a.pth out.convnext --key k",
      "convert --naming timm a.pth -- out.convnext",
    ])
  func suggestion(_ line: String) throws {
    let result = try Command.shell("convnext \(line)")
    #expect(result.status == 64)
    #expect(result.error.contains("Did you mean '-o out.convnext'?"), "\(result.error)")
  }

  @Test("where there is an output, or only inputs, nothing is suggested")
  func others() {
    for arguments in [
      ["convert", "a"], ["convert", "a", "b", "-o", "c"], ["convert", "a", "b", "--output=c"],
      ["report", Fixtures.path("names/timm.pth"), Fixtures.path("names/timm.pth")], ["diff", "a"],
    ] {
      #expect(MissingOutput.error(in: arguments)?.message == nil, "\(arguments)")
    }
  }
}
