import ByteIO
import TestSupport
import Testing

@testable import convnext

@Suite("Error reports")
struct ErrorReportTests {
  private static let timm = Fixtures.path("names/timm.pth")

  @Test("an error in one of two files is reported under that file's name")
  func secondFile() throws {
    let folder = try TemporaryFolder()
    var bytes = try Fixtures.bytes("names/timm.pth").array
    bytes[bytes.count / 2] ^= 1
    let changed = try folder.write(bytes, to: "changed.pth")
    let cut = try folder.write(bytes[..<(bytes.count / 2)], to: "cut.pth")
    for (broken, status) in [
      (changed, 65), (cut, 65), (Fixtures.path("torch/quantized.pth"), 69), ("/nowhere.pth", 66),
    ] {
      for files in [[Self.timm, broken], [broken, Self.timm]] {
        let result = try Command.run(["diff"] + files)
        #expect(result.status == Int32(status), "\(files)")
        #expect(result.error.hasPrefix("convnext: \(broken): "), "\(result.error)")
        #expect(result.output == "")
        let json = try Command.run(["diff", "--json"] + files)
        #expect(try json.errorJSON()["file"]?.stringValue == broken)
      }
    }
  }

  @Test("an error in a shard is reported under the shard's name")
  func shard() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Array(#"{"metadata":{},"weight_map":{"x":"a.safetensors"}}"#.utf8),
      to: "model.safetensors.index.json")
    let shard = try folder.copy("broken/overlap.safetensors", to: "a.safetensors")
    let result = try Command.run("inspect", folder.path("model.safetensors.index.json"))
    #expect(result.status == 65)
    #expect(result.error.hasPrefix("convnext: \(shard): "), "\(result.error)")
  }

  @Test("an error in the rules is reported under the name of their file")
  func rules() throws {
    let folder = try TemporaryFolder()
    let rules = try folder.write("a b c\n".utf8, to: "rules")
    let result = try Command.run("inspect", Self.timm, "--rules", rules)
    #expect(result.status == 65)
    #expect(result.error.hasPrefix("convnext: \(rules): line 1"), "\(result.error)")
  }

  @Test(
    "errors are JSON where JSON is asked for, whichever way",
    arguments: [
      ["tensors", "a", "--format", "json"], ["tensors", "a", "--format=json"],
      ["tensors", "a", "--json"], ["tensors", "a", "--format", "json", "--top", "0"],
      ["inspect", "--json", "--config", "tiny", "--image-size", "10"],
    ])
  func json(_ arguments: [String]) throws {
    let result = try Command.run(arguments)
    #expect(result.status == (arguments.contains { ["0", "10"].contains($0) } ? 64 : 66))
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(try result.errorJSON()["schema"]?.stringValue == "convnext.error/1")
    #expect(try !Command.run("tensors", "a", "--format", "csv").error.hasPrefix("{"))
  }

  @Test("behind '--' stand files, whatever they are called")
  func behindDashes() throws {
    let result = try Command.run("verify", "--", "--json")
    #expect(result.status == 66)
    #expect(result.error.hasPrefix("convnext: --json: cannot be opened"))
  }

  @Test("74 where a result cannot be written, also one for several files")
  func outputTakesNoMore() throws {
    let folder = try TemporaryFolder()
    let files = [String](repeating: "'\(Self.timm)'", count: 8).joined(separator: " ")
    for command in ["verify", "scan"] {
      let result = try Command.shell(
        "ulimit -f 1; exec convnext \(command) --json \(files) > out", in: folder.path)
      #expect(result.status == 74, "\(command): \(result.error)")
      #expect(try result.errorJSON()["file"]?.stringValue == "standard output")
    }
  }

  @Test("an error that no reader speaks of says that it is a bug, and what to do")
  func bug() {
    struct Fault: Error {}
    let error = UnexpectedError(error: Fault())
    #expect(error.rule == "bug")
    #expect(error.message == "this is a bug: Fault()")
    #expect(error.hint?.contains("report") == true)
  }
}
