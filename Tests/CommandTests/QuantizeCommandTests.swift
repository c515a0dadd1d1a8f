import ByteIO
import TestSupport
import Testing

@Suite("quantize")
struct QuantizeCommandTests {
  private static let digits = Fixtures.path("digits/convnext_digits.pth")

  @Test("the report says what became what, which tensors lost most, and the sizes")
  func report() throws {
    let folder = try TemporaryFolder()
    let output = folder.path("a.convnext")
    let result = try Command.run("quantize", Self.digits, "-o", output)
    #expect(result.status == 0 && result.error == "")
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines[0]
        == "ConvNeXt V1 of a custom size: 65 tensors, timm names -> int8, canonical names")
    #expect(
      lines[3].split(separator: " ") == ["int8", "19", "70,552", "74,688", "43.66", "39.15"])
    let depthwise = lines.first { $0.hasPrefix("stages.3.blocks.0.depthwise.weight ") }
    #expect(depthwise?.split(separator: " ")[1...3] == ["int8", "39.15", "0.0008060"])
    #expect(lines.contains("tensors: 283.9 KiB -> 80.5 KiB (28.4 %)"))
    let listed = lines.drop { !$0.hasPrefix("NAME ") }.dropFirst().prefix { !$0.isEmpty }
    #expect(listed.count == 10)
    let digest = try Command.run("checksum", "--digest", output).output
    #expect(result.output.hasSuffix("content digest \(digest)"))
  }

  @Test("--dry-run tells the size to the byte and writes no model")
  func dryRun() throws {
    let folder = try TemporaryFolder()
    for output in ["a.convnext", "a.safetensors"] {
      let arguments = ["quantize", Self.digits, "-o", output, "--json"]
      let dry = try Command.run(arguments + ["-n", "--report", "r.json"], in: folder.path)
      #expect(dry.status == 0)
      #expect(folder.names == ["r.json"])
      let json = try dry.json()
      #expect(json["written"] == .bool(false))
      #expect(try folder.bytes("r.json") == dry.outputBytes)
      let wet = try Command.run(arguments, in: folder.path).json()
      #expect(try json["bytes"] == .integer(folder.bytes(output).count))
      #expect(wet["tensors"] == json["tensors"])
      for name in folder.names {
        #expect(try Command.shell("rm \(name)", in: folder.path).status == 0)
      }
    }
    let without = try Command.run("quantize", Self.digits, "--dry-run")
    #expect(
      without.status == 0 && without.output.contains("would write a .convnext file  113.1 KiB"))
  }

  @Test("the report in a file has the notes, which are also on standard error")
  func reportedNotes() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(
      "quantize", Fixtures.path("training/facebook.pth"), "-n", "--report", folder.path("r.json"))
    let json = try JSONValue(parsing: ByteRegion(copying: folder.bytes("r.json")))
    let notes = try #require(json["notes"]?.arrayValue).compactMap(\.stringValue)
    #expect(!notes.isEmpty)
    #expect(result.error == notes.map { "note: \($0)\n" }.joined())
  }

  @Test("a folder's files are listed as convert lists them, and those that exist are told")
  func folder() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "quantize", Self.digits, "--to", "float16", "--naming", "huggingface", "-n", "-o", "out/",
    ]
    let dry = try Command.run(arguments, in: folder.path)
    #expect(dry.output.contains("would write out/model.safetensors  "))
    #expect(dry.output.hasSuffix("  and out/config.json\n"))
    #expect(!dry.error.contains("exists"))
    try FileSystem.makeFolder(folder.path("out"))
    try folder.write("{}".utf8, to: "out/config.json")
    let note = "note: 'out/config.json' exists; without --force it would not be replaced\n"
    #expect(try Command.run(arguments, in: folder.path).error.contains(note))
    #expect(try !Command.run(arguments + ["--force"], in: folder.path).error.contains(note))
    let convert = ["convert", Self.digits, "--naming", "huggingface", "-n", "-o", "out/"]
    #expect(try Command.run(convert, in: folder.path).error.contains(note))
  }

  @Test("below --min-sqnr the status is 1, the report is there, and no model")
  func gate() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "quantize", Self.digits, "-o", "a.convnext", "--min-sqnr", "40", "--report", "r.json",
    ]
    let result = try Command.run(arguments, in: folder.path)
    #expect(result.status == 1)
    #expect(result.output.hasSuffix("below 40.0 dB: 2 tensors; nothing was written\n"))
    #expect(folder.names == ["r.json"])
    let json = try JSONValue(parsing: ByteRegion(copying: folder.bytes("r.json")))
    #expect(json["passed"] == .bool(false) && json["requiredSQNR"]?.numberValue == 40)
    let better = try Command.run(
      arguments + ["--keep", "depthwise=float16", "--force"], in: folder.path)
    #expect(better.status == 0)
    #expect(folder.names == ["a.convnext", "r.json"])
  }

  @Test("--keep and --recipe say what becomes of which tensor")
  func recipes() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      #"{"expand": ["int4-block32", "int8"], "head.*": "bfloat16"}"#.utf8, to: "r.json")
    let json = try Command.run(
      ["quantize", Self.digits, "-o", "a.convnext", "--recipe", "r.json", "--json"]
        + ["--keep", "head.classifier.weight=int8-block32", "--keep", "bias=float16"],
      in: folder.path
    ).json()
    #expect(json["recipe"] == .string("r.json"))
    let rows = try #require(json["tensors"]?.arrayValue)
    func format(_ name: String) -> String? {
      rows.first { $0["name"]?.stringValue == name }?["format"]?.stringValue
    }
    #expect(format("stages.0.blocks.0.expand.weight") == "int8")
    #expect(format("stages.2.blocks.0.expand.weight") == "int4-block32")
    #expect(format("head.norm.weight") == "bfloat16")
    #expect(format("head.classifier.weight") == "int8-block32")
    #expect(format("head.classifier.bias") == "float16")
    #expect(format("stem.conv.weight") == "keep")
  }

  @Test(
    "the output's bytes are the same on one core as on all",
    arguments: ["int8", "int4-block32", "float16"])
  func isDeterministic(_ recipe: String) throws {
    let folder = try TemporaryFolder()
    let arguments = "quantize \(Self.digits) --to \(recipe) --quiet -o"
    // Where there is no taskset, as on macOS, both runs have all cores.
    let result = try Command.shell(
      "one=; command -v taskset >/dev/null && one='taskset -c 0'; "
        + "$one convnext \(arguments) one.convnext && convnext \(arguments) all.convnext",
      in: folder.path)
    #expect(result.status == 0)
    #expect(try folder.bytes("one.convnext") == folder.bytes("all.convnext"))
  }

  @Test(
    "each mistake has its status",
    arguments: [
      (["-o", "a.pth"], 69), (["-o", "a.safetensors", "--to", "int4-block32"], 69),
      (["-o", "a.onnx"], 64), ([], 64), (["-o", "a.convnext", "--keep", "head=int9"], 64),
      (["-o", "a.convnext", "--keep", "heads.*=int8"], 64),
      (["-o", "a.convnext", "--keep", "expand=int8-block32"], 69),
      (["-o", "a.convnext", "--recipe", "missing.json"], 66),
      (["-o", "a.convnext", "--recipe", "r.json", "--to", "int8"], 64),
      (["-o", "a.convnext", "--naming", "timm"], 64),
      (["-o", "there.convnext"], 73), (["-o", "a.convnext", "--report", "there.convnext"], 73),
      (["-o", "a.convnext", "--report", "./a.convnext"], 64),
      (["-o", "folder/", "--naming", "huggingface"], 69),
      (["-o", "folder/", "--naming", "huggingface", "--to", "float16"], 0),
      (["-o", "a.pth", "--to", "bfloat16"], 0),
    ] as [([String], Int32)])
  func statuses(arguments: [String], status: Int32) throws {
    let folder = try TemporaryFolder()
    try folder.write("here".utf8, to: "there.convnext")
    try folder.write("{}".utf8, to: "r.json")
    let result = try Command.run(["quantize", Self.digits] + arguments, in: folder.path)
    #expect(result.status == status, "\(result.error)")
    if status != 0 {
      #expect(folder.names == ["r.json", "there.convnext"])
      #expect(!result.error.isEmpty)
    }
  }

  @Test("a dequantized model has numbers again, in every container")
  func dequantize() throws {
    let folder = try TemporaryFolder()
    _ = try Command.run("quantize", Self.digits, "-o", folder.path("a.convnext"))
    #expect(
      try Command.run("convert", folder.path("a.convnext"), "-o", folder.path("b.pth")).status
        == 69)
    let result = try Command.run(
      "convert", folder.path("a.convnext"), "-o", folder.path("b.pth"), "--naming", "facebook",
      "--dequantize")
    #expect(result.status == 0)
    let diff = try Command.run("diff", folder.path("a.convnext"), folder.path("b.pth"))
    #expect(diff.status == 0 && diff.output == "same model, identical\n")
    let other = try Command.run("diff", Self.digits, folder.path("a.convnext"))
    #expect(other.status == 1)
    #expect(
      other.output.hasPrefix(
        "same model, quantized: 19 of 65 tensors, elements at most 0.002473 apart, "
          + "signal to noise at least 39.15 dB\n"))
    let inspect = try Command.run("inspect", folder.path("a.convnext")).output
    #expect(
      inspect.contains(
        "  codes     19 tensors as int8-channel, which were F32; 1,034 scales beside them, 4.0 KiB\n"
      ))
  }
}
