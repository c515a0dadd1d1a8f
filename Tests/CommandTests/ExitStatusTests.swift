import ByteIO
import Foundation
import TestSupport
import Testing

@Suite("Exit status")
struct ExitStatusTests {
  private static let timm = Fixtures.path("names/timm.pth")

  static func refused() throws -> [FixtureFile] {
    try FixtureManifest.files().filter { $0.refused != nil }
  }

  /// The command that must refuse a fixture.
  private func command(_ fixture: FixtureFile) -> [String] {
    fixture.refused?.when == "open"
      ? ["inspect", fixture.path] : ["checksum", "--names", "source", fixture.path]
  }

  @Test("the first broken fixture of each rule is refused in words")
  func refusalsInWords() throws {
    var rules: Set<String> = []
    for fixture in try Self.refused() {
      let refusal = try #require(fixture.refused)
      guard rules.insert("\(refusal.rule) \(refusal.exit)").inserted else { continue }
      let result = try Command.run(command(fixture))
      #expect(result.status == Int32(refusal.exit), "\(fixture.file)")
      #expect(result.output == "", "\(fixture.file)")
      #expect(result.error.hasPrefix("convnext: /"), "\(fixture.file)")
    }
    #expect(rules.count > 40)
  }

  @Test("every broken fixture is refused with its status", arguments: try refused())
  func refusals(_ fixture: FixtureFile) throws {
    let refusal = try #require(fixture.refused)
    let json = try Command.run(command(fixture) + ["--json"])
    #expect(json.status == Int32(refusal.exit))
    #expect(json.output == "")
    let error = try json.errorJSON()
    #expect(error["schema"]?.stringValue == "convnext.error/1")
    #expect(error["status"]?.integerValue == refusal.exit)
    #expect(error["message"]?.stringValue?.isEmpty == false)
    #expect(
      error.objectValue?.entries.map(\.key) == [
        "schema", "file", "status", "rule", "message", "record", "byteOffset", "byteOffsetFrom",
        "tensor", "hint",
      ])
  }

  @Test("a file that holds elements which cannot be read can still be inspected")
  func dataFaults() throws {
    let fixtures = try Self.refused().filter { $0.refused?.when == "data" }
    try #require(fixtures.count > 3)
    for fixture in fixtures {
      #expect(try Command.run("inspect", fixture.path).status == 0, "\(fixture.file)")
    }
  }

  @Test("0 where all is well")
  func success() throws {
    for arguments in [
      ["inspect", Self.timm], ["tensors", Self.timm], ["checksum", Self.timm],
      ["verify", Self.timm], ["scan", Self.timm], ["diff", Self.timm, Self.timm],
      ["inspect", "--config", "list"], ["--help"],
      ["--version"],
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 0, "\(arguments)")
      #expect(!result.output.isEmpty)
      #expect(result.error == "")
    }
  }

  @Test("1 where the answer is no")
  func answerIsNo() throws {
    for arguments in [
      ["verify", Fixtures.path("broken/zip-crc.pth")],
      ["verify", Self.timm, "--sha256", String(repeating: "0", count: 64)],
      ["scan", Fixtures.path("broken/call-os-system.pth")],
      ["diff", Fixtures.path("torch/ema.pth"), Self.timm],
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 1, "\(arguments)")
      #expect(!result.output.isEmpty)
    }
  }

  @Test(
    "64 where the arguments are wrong",
    arguments: [
      ["nonsense"], ["inspect"], ["inspect", "a", "--config", "tiny"],
      ["inspect", "--unknown", "a"],
      ["inspect", "a", "--classes", "3"], ["inspect", "a", "--image-size", "0"],
      ["inspect", "--config", "tiny", "--classes", "-1"], ["tensors"], ["checksum"],
      ["checksum", "a", "--names", "their"], ["convert", "a"], ["convert", "-o", "b"],
      ["convert", "a", "-o", "b.onnx", "--to", "onnx"],
      ["convert", "a", "-o", "b.pth", "--naming", "keras"],
      ["convert", "a", "-o", "b.convnext", "--naming", "timm"], ["verify"],
      ["verify", "a", "--sha256", "abc"],
      ["verify", "a", "b", "--sha256", String(repeating: "0", count: 64)], ["scan"], ["diff", "a"],
      ["diff", "a", "b", "--top", "0"], ["tensors", "a", "--top", "0"],
    ])
  func usage(_ arguments: [String]) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 64)
    #expect(result.output == "")
    #expect(result.error.contains("Error: "))
    let json = try Command.run(arguments + ["--json"])
    #expect(json.status == 64)
    #expect(json.output == "")
    let error = try json.errorJSON()
    #expect(error["rule"]?.stringValue == "usage")
    #expect(error["status"]?.integerValue == 64)
    #expect(error["message"]?.stringValue?.isEmpty == false)
  }

  @Test("65 where the input is not the model that it should be")
  func invalid() throws {
    let folder = try TemporaryFolder()
    let output = folder.path("a.convnext")
    for (file, options, word) in [
      ("torch/missing-tensor.pth", [], "head.norm.bias"),
      ("torch/extra-tensor.pth", [], "head.fc.scale"),
      ("torch/wrong-shape.pth", ["--allow-extra", "--allow-missing"], "mlp.fc1.weight"),
      ("torch/mlp.pth", [], "depthwise"),
      ("torch/ema.pth", ["--key", "optimizer"], "model_ema"),
    ] as [(String, [String], String)] {
      let result = try Command.run(["convert", Fixtures.path(file), "-o", output] + options)
      #expect(result.status == 65, "\(file)")
      #expect(result.error.contains(word), "\(file)")
      #expect(folder.names == [])
    }
  }

  @Test(
    "66 where the input cannot be opened",
    arguments: ["inspect", "tensors", "checksum", "verify", "scan", "convert", "diff"])
  func missing(_ command: String) throws {
    let folder = try TemporaryFolder()
    var arguments = [command, folder.path("nothing.pth")]
    if command == "diff" { arguments.append(Self.timm) }
    if command == "convert" { arguments += ["-o", folder.path("a.convnext")] }
    let result = try Command.run(arguments)
    #expect(result.status == 66)
    #expect(result.error.contains("No such file"))
    #expect(result.error.contains("hint: "))
    #expect(folder.names == [])
  }

  @Test("the status of several files is that of the last one that cannot be read")
  func severalFiles() throws {
    let folder = try TemporaryFolder()
    try FileSystem.makeFolder(folder.path("empty"))
    let statuses = try [
      ["empty", Self.timm], ["empty", "/nowhere.pth"], ["/nowhere.pth", "empty"], [Self.timm],
    ].map { try Command.run(["scan"] + $0, in: folder.path).status }
    #expect(statuses == [65, 66, 65, 0])
    let verified = try Command.run("verify", Self.timm, "/nowhere.pth", Self.timm)
    #expect(verified.status == 66 && verified.output.hasSuffix("2 of 3 files are intact\n"))
  }

  @Test("66 for files that the options name, too")
  func missingRules() throws {
    let result = try Command.run("inspect", Self.timm, "--rules", "/nowhere/rules")
    #expect(result.status == 66)
    #expect(result.error.hasPrefix("convnext: /nowhere/rules: "))
  }

  @Test("69 where something is valid and not supported")
  func unsupported() throws {
    let folder = try TemporaryFolder()
    for arguments in [
      ["inspect", Fixtures.path("torch/tar-2016.pth")],
      ["checksum", Fixtures.path("torch/quantized.pth")],
      [
        "convert", Fixtures.path("v2/timm.pth"), "-o", folder.path("a.pth"), "--naming",
        "torchvision",
      ],
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 69, "\(arguments)")
      #expect(result.output == "")
    }
    #expect(folder.names == [])
  }

  @Test("73 where the output exists, and --force replaces it")
  func existing() throws {
    let folder = try TemporaryFolder()
    let output = try folder.write("precious".utf8, to: "a.convnext")
    let result = try Command.run("convert", Self.timm, "-o", output)
    #expect(result.status == 73)
    #expect(result.error.contains("--force"))
    #expect(try folder.bytes("a.convnext") == Array("precious".utf8))
    #expect(try Command.run("convert", Self.timm, "-o", output, "--force").status == 0)
    #expect(try Command.run("verify", output).status == 0)
    #expect(folder.names == ["a.convnext"])
  }

  @Test("73 where the output cannot be created")
  func cannotCreate() throws {
    let folder = try TemporaryFolder()
    try folder.write("x".utf8, to: "file")
    for output in [
      folder.path("nowhere/a.convnext"), folder.path("file/a.convnext"), "/dev/null",
    ] {
      let options = output == "/dev/null" ? ["--to", "pytorch", "--force"] : []
      let result = try Command.run(["convert", Self.timm, "-o", output] + options)
      #expect(result.status == 73, "\(output): \(result.error)")
      #expect(result.error.contains("hint: ") || output == "/dev/null", "\(output)")
    }
    #expect(folder.names == ["file"])
  }

  @Test("64 where the output's name says no container, or a folder is not for Hugging Face")
  func wrongOutput() throws {
    let folder = try TemporaryFolder()
    try FileSystem.makeFolder(folder.path("folder.pth"))
    for output in ["a.onnx", "a", "new/", "folder.pth"] {
      let result = try Command.run("convert", Self.timm, "-o", folder.path(output))
      #expect(result.status == 64, "\(output): \(result.error)")
      #expect(result.error.contains("hint: "))
    }
    #expect(folder.names == ["folder.pth"])
    #expect(namesInFolder(folder.path("folder.pth")) == [])
  }

  @Test("73 in a folder that must not be written to")
  func unwritableFolder() throws {
    let folder = try TemporaryFolder()
    // Nobody may write here, not even the superuser.
    let unwritable = FileSystem.kind(of: "/proc/self") == .folder ? "/proc/self" : "/dev/fd"
    let result = try Command.run("convert", Self.timm, "-o", "\(unwritable)/a.convnext")
    #expect(result.status == 73)
    try FileSystem.makeFolder(folder.path("closed"))
    #expect(chmod(folder.path("closed"), 0o500) == 0)
    defer { chmod(folder.path("closed"), 0o700) }
    let closed = try Command.run("convert", Self.timm, "-o", folder.path("closed/a.convnext"))
    #expect(closed.status == (geteuid() == 0 ? 0 : 73))
  }

  @Test(
    "74 where the disk is full, and nothing is left behind",
    arguments: [
      "a.convnext", "a.safetensors", "a.pth", "model/ --naming huggingface",
    ])
  func fullDisk(_ output: String) throws {
    let folder = try TemporaryFolder()
    let result = try Command.shell(
      "ulimit -f 8; exec convnext convert '\(Self.timm)' -o \(output)", in: folder.path)
    #expect(result.status == 74, "\(result.error)")
    #expect(result.error.contains("cannot be written"))
    #expect(result.error.contains("hint: "))
    #expect(folder.names == [])
  }

  @Test("74 where an existing output stays when the disk is full")
  func fullDiskForce() throws {
    let folder = try TemporaryFolder()
    try folder.write("precious".utf8, to: "a.convnext")
    let result = try Command.shell(
      "ulimit -f 8; exec convnext convert '\(Self.timm)' -o a.convnext --force", in: folder.path)
    #expect(result.status == 74)
    #expect(folder.names == ["a.convnext"])
    #expect(try folder.bytes("a.convnext") == Array("precious".utf8))
  }

  @Test("74 where standard output takes no more")
  func fullOutput() throws {
    let folder = try TemporaryFolder()
    // A file as standard output, and the limit for its size.
    let result = try Command.shell(
      "ulimit -f 1; exec convnext inspect '\(Self.timm)' --json > out", in: folder.path)
    #expect(result.status == 74)
    #expect(result.error.contains("standard output"))
  }
}
