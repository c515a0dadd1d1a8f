import ByteIO
import Foundation
import TestSupport
import Testing

@Suite("convert")
struct ConvertCommandTests {
  @Test("of several weights in a folder it is said which ones transformers reads")
  func otherWeights() throws {
    let folder = try TemporaryFolder()
    for name in try FileSystem.names(in: Fixtures.path("folders/sharded")) {
      try folder.copy("folders/sharded/\(name)", to: name)
    }
    let arguments = [
      "convert", folder.path, "-o", folder.path, "--naming", "huggingface", "--force",
    ]
    let index = "'model.safetensors.index.json'"
    let first = try Command.run(arguments + ["--to", "pytorch"])
    #expect(
      first.error.contains(
        "other weights, which stay: \(index); transformers reads \(index), and not the file"),
      "\(first.error)")
    let second = try Command.run(arguments)
    #expect(
      second.error.contains(
        "\(index), 'pytorch_model.bin'; transformers reads 'model.safetensors'\n"),
      "\(second.error)")
    let new = try Command.run(
      "convert", folder.path, "-o", folder.path("new/"), "--naming", "huggingface")
    #expect(!new.error.contains("other weights"))
  }

  @Test("of a preprocessor_config.json that stays in the folder it is said so")
  func otherPreprocessing() throws {
    let folder = try TemporaryFolder()
    #expect(mkdir(folder.path("out"), 0o777) == 0)
    try folder.write(
      "{\"size\": {\"shortest_edge\": 999}}".utf8, to: "out/preprocessor_config.json")
    let arguments = ["convert", Self.timm, "-o", folder.path("out/"), "--naming", "huggingface"]
    let note = "the folder has a 'preprocessor_config.json' of its own, which stays"
    #expect(try Command.run(arguments + ["--dry-run"]).error.contains(note))
    #expect(try Command.run(arguments).error.contains(note))
    // The folder itself is read with it, and then it is written anew.
    let again = try Command.run(
      "convert", folder.path("out"), "-o", folder.path("out/"), "--naming", "huggingface", "--force"
    )
    #expect(again.status == 0)
    #expect(!again.error.contains(note), "\(again.error)")
  }

  @Test("a limit that was raised for reading holds for what is written, too")
  func limits() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/huggingface.safetensors", to: "model.safetensors")
    let deep = String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
    try folder.write("{\"a\": \(deep)}".utf8, to: "preprocessor_config.json")
    let arguments = ["convert", folder.path, "-o", folder.path("a.convnext")]
    let refused = try Command.run(arguments)
    #expect(refused.status == 65)
    #expect(refused.error.contains("--limit jsonDepth=NUMBER"))
    let result = try Command.run(arguments + ["--limit", "jsonDepth=100"])
    #expect(result.status == 0, "\(result.error)")
    let recipe = try folder.write("{\"a\": \(deep)}".utf8, to: "recipe.json")
    let quantize = ["quantize", Self.timm, "--dry-run", "--recipe", recipe]
    #expect(try Command.run(quantize).error.contains("nested deeper than 64 levels"))
    let noFormat = try Command.run(quantize + ["--limit", "jsonDepth=100"])
    #expect(noFormat.status == 65)
    #expect(noFormat.error.contains("is not a format"))
  }

  @Test("of many tensors that do not fit the first are noted, and JSON has all")
  func manyNotes() throws {
    let folder = try TemporaryFolder()
    let rules = try folder.write("(mlp\\.fc[12])\\.bias$ $1.biased\n".utf8, to: "rules")
    let arguments = [
      "convert", Fixtures.path("digits/convnext_digits.pth"), "-o", folder.path("a.convnext"),
      "--rules", rules, "--allow-extra", "--allow-missing", "--dry-run",
    ]
    let json = try Command.run(arguments + ["--json"]).json()
    let notes = (json["notes"]?.arrayValue ?? []).compactMap(\.stringValue)
    let problems = notes.filter { $0.hasPrefix("missing: ") || $0.hasPrefix("extra: ") }
    try #require(problems.count > 12)
    let lines = try Command.run(arguments).error.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { $0.hasPrefix("note: missing: ") || $0.hasPrefix("note: extra: ") }
        == problems.prefix(12).map { "note: \($0)" })
    #expect(lines.contains("note: and \(problems.count - 12) more like it; --json has all of them"))
  }

  private static let timm = Fixtures.path("names/timm.pth")

  private func digest(_ path: String) throws -> String {
    let result = try Command.run("checksum", "--digest", path)
    #expect(result.status == 0)
    return result.output
  }

  @Test("the report says what became what")
  func report() throws {
    let folder = try TemporaryFolder()
    let output = folder.path("a.convnext")
    let result = try Command.run("convert", Fixtures.path("names/torchvision.pth"), "-o", output)
    let lines = result.output.split(separator: "\n")
    #expect(
      lines[0]
        == "ConvNeXt V1 of a custom size: 65 tensors, torchvision names -> canonical names, "
        + "5 reshaped by unit dimensions")
    #expect(lines[1].hasPrefix("wrote \(output)  "))
    #expect(lines[2] == "content digest \(try digest(output).dropLast())")
  }

  @Test(
    "--dry-run writes nothing, and tells the size to the byte",
    arguments: [
      ["a.convnext"], ["a.safetensors", "--naming", "facebook"], ["a.pth", "--naming", "timm"],
      ["a", "--to", "safetensors"],
    ])
  func dryRun(_ output: [String]) throws {
    let folder = try TemporaryFolder()
    let arguments = ["convert", Self.timm, "-o"] + output
    let dry = try Command.run(arguments + ["--dry-run", "--json"], in: folder.path)
    #expect(dry.status == 0)
    #expect(folder.names == [])
    #expect(try dry.json()["written"] == .bool(false))
    let text = try Command.run(arguments + ["--dry-run"], in: folder.path)
    #expect(text.output.contains("nothing was written"))
    let wet = try Command.run(arguments + ["--json"], in: folder.path)
    #expect(try wet.json()["bytes"] == dry.json()["bytes"])
    let byteCount = try folder.bytes(output[0]).count
    #expect(try dry.json()["bytes"] == .integer(byteCount))
    #expect(text.output.contains("(\(byteCount) bytes)"))
    let again = try Command.run(arguments + ["--dry-run"], in: folder.path)
    #expect(again.status == 0)
    #expect(again.error.contains("the output exists"))
  }

  @Test("--dry-run of a folder makes no folder")
  func dryRunFolder() throws {
    let folder = try TemporaryFolder()
    let arguments = ["convert", Self.timm, "-o", "model/", "--naming", "huggingface", "--json"]
    let dry = try Command.run(arguments + ["--dry-run"], in: folder.path).json()
    #expect(folder.names == [])
    let wet = try Command.run(arguments, in: folder.path).json()
    #expect(wet["bytes"] == dry["bytes"])
    #expect(
      wet["output"]
        == .array([.string("model/model.safetensors"), .string("model/config.json")]))
    let weights = try folder.bytes("model/model.safetensors")
    #expect(wet["bytes"] == .integer(weights.count))
    #expect(try digest(folder.path("model")) == digest(Self.timm))
  }

  @Test("--explain lists every tensor with its rule")
  func explain() throws {
    let result = try Command.run(
      "convert", Fixtures.path("names/torchvision.pth"), "-o", "a.safetensors", "--naming", "timm",
      "--dry-run", "--explain")
    let rows = result.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows[0] == ["source", "canonical", "target", "rule", "reshape"])
    #expect(
      rows[1] == [
        "features.0.0.weight", "stem.conv.weight", "stem.0.weight", "features.0.0.weight", "-",
      ])
    #expect(rows.filter { $0.count == 5 }.count == 66)
    #expect(rows.contains { $0.last == "4x1x1 -> 4" })
  }

  @Test("--key takes other weights of the same file")
  func key() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("torch/ema.pth")
    let output = folder.path("a.convnext")
    let result = try Command.run("convert", fixture.path, "-o", output, "--key", "model")
    #expect(
      result.error
        == "note: left out, for the result has no place for it: values besides the weights ('epoch', 'args')\n"
    )
    #expect(
      try digest(output).dropLast()
        == (fixture.model?.alternatives.first?.contentDigest.hex ?? "")[...])
  }

  @Test("--allow-extra and --allow-missing go on, and say what is left out")
  func allowances() throws {
    let folder = try TemporaryFolder()
    let extra = try Command.run(
      "convert", Fixtures.path("torch/extra-tensor.pth"), "-o", folder.path("a.convnext"),
      "--allow-extra")
    #expect(extra.status == 0)
    #expect(extra.error.hasPrefix("note: extra: 'head.fc.scale'"))
    let missing = try Command.run(
      "convert", Fixtures.path("torch/missing-tensor.pth"), "-o", folder.path("b.convnext"),
      "--allow-missing")
    #expect(missing.status == 0)
    #expect(missing.error.hasPrefix("note: missing: 'head.norm.bias'"))
    #expect(try Command.run("verify", folder.path("b.convnext")).status == 0)
    let json = try Command.run(
      "convert", Fixtures.path("torch/missing-tensor.pth"), "-o", folder.path("c.convnext"),
      "--allow-missing", "--json"
    ).json()
    #expect(json["problems"]?.arrayValue?.count == 1)
  }

  @Test("what belongs to a training, and what else stands beside the model, is noted as left out")
  func notesParts() throws {
    let folder = try TemporaryFolder()
    func notes(_ fixture: String) throws -> String {
      try Command.run(
        "convert", Fixtures.path(fixture), "-o", folder.path("a.convnext"), "--dry-run"
      ).error
    }
    let training = try notes("training/facebook.pth")
    #expect(
      training.contains("left out, for it belongs to a training: 'optimizer' (39 tensors)\n"))
    #expect(!training.contains("for it stands beside the model"))
    let callbacks = try notes("training/lightning.ckpt")
    #expect(
      callbacks.contains("left out, because it is not part of the model: 'callbacks' (1 tensor)\n"))
    #expect(!callbacks.contains("for it belongs to a training"))
  }

  @Test("--part backbone takes the backbone of a larger network")
  func backbone() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("families/facebook-detection.pth")
    let refused = try Command.run("convert", fixture.path, "-o", folder.path("a.convnext"))
    #expect(refused.status == 65)
    #expect(refused.error.contains("--part backbone"))
    let result = try Command.run(
      "convert", fixture.path, "-o", folder.path("a.convnext"), "--part", "backbone")
    #expect(result.status == 0)
    #expect(result.error.contains("4 tensors of other parts are left out"))
    #expect(
      try digest(folder.path("a.convnext")) == (fixture.model?.contentDigest.hex ?? "") + "\n")
  }

  @Test("--rules renames before anything is recognized")
  func rules() throws {
    let folder = try TemporaryFolder()
    // A file under names of its own, made by rules, and read by the opposite rules.
    let away = try folder.write("^stages\\.(\\d+)\\.blocks\\. part$1.\n".utf8, to: "away")
    let refused = try Command.run(
      "convert", Self.timm, "-o", folder.path("a.convnext"), "--rules", away)
    #expect(refused.status == 65)
    let bad = try folder.write("(\n".utf8, to: "bad")
    let malformed = try Command.run("inspect", Self.timm, "--rules", bad)
    #expect(malformed.status == 65)
    #expect(malformed.error.contains("line 1 of the rules"))

    let strange = try folder.write(
      "# the harness' own names\n^stem\\.0\\. first.conv.\n^stem\\.1\\. first.norm.\n".utf8,
      to: "strange")
    let back = try folder.write(
      "^first\\.conv\\. stem.0.\n^first\\.norm\\. stem.1.\n".utf8, to: "back")
    let both = try folder.write(
      folder.bytes("strange") + folder.bytes("back"), to: "both")
    #expect(
      try Command.run("inspect", Self.timm, "--rules", strange, "--json").json()["complete"]
        == .bool(false))
    let result = try Command.run(
      "convert", Self.timm, "-o", folder.path("b.convnext"), "--rules", both)
    #expect(result.status == 0)
    #expect(back.hasSuffix("back"))
    #expect(!result.error.contains("--rules"))
    #expect(try digest(folder.path("b.convnext")) == digest(Self.timm))
  }

  @Test("options that change nothing are said to")
  func withoutEffect() throws {
    let folder = try TemporaryFolder()
    let rules = try folder.write("^nothing x\n".utf8, to: "rules")
    let result = try Command.run(
      "convert", Self.timm, "-o", folder.path("a.convnext"), "--rules", rules, "--dequantize")
    #expect(result.status == 0)
    #expect(result.error.contains("no rule of --rules fits"))
    let inspected = try Command.run("inspect", Self.timm, "--rules", rules, "--json")
    #expect(
      try inspected.json()["notes"]
        == .array([.string("no rule of --rules fits any tensor's name")]))
    let some = try folder.write("^nothing x\n^stem stem\n^nobody y\n".utf8, to: "some")
    for arguments in [["tensors", Self.timm], ["diff", Self.timm, Self.timm]] {
      let result = try Command.run(arguments + ["--rules", some])
      #expect(result.status == 0)
      #expect(
        result.error == "note: 2 rules fit no tensor's name, the first is '^nothing'\n",
        "\(result.error)")
    }
    #expect(result.error.contains("--dequantize: nothing is quantized"))
  }

  @Test("a read-only input, and an input that is also the output")
  func inputs() throws {
    let folder = try TemporaryFolder()
    let input = try folder.copy("names/timm.pth", to: "a.pth")
    let before = try digest(input)
    #expect(chmod(input, 0o444) == 0)
    #expect(try Command.run("convert", input, "-o", folder.path("b.convnext")).status == 0)
    #expect(chmod(input, 0o644) == 0)
    let refused = try Command.run("convert", input, "-o", input)
    #expect(refused.status == 73)
    #expect(try digest(input) == before)
    let replaced = try Command.run("convert", input, "-o", input, "--force", "--naming", "facebook")
    #expect(replaced.status == 0)
    #expect(try digest(input) == before)
    #expect(try Command.run("inspect", input, "--json").json()["naming"] == .string("facebook"))
    #expect(folder.names == ["a.pth", "b.convnext"])
  }

  @Test("a .convnext file that is its own output")
  func nativeOntoItself() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.convnext")
    #expect(try Command.run("convert", Self.timm, "-o", path).status == 0)
    let before = try folder.bytes("a.convnext")
    #expect(try Command.run("convert", path, "-o", path, "--force").status == 0)
    #expect(try folder.bytes("a.convnext") == before)
  }

  @Test("a link to an existing file counts as existing")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("precious".utf8, to: "target")
    folder.link("a.convnext", to: folder.path("target"))
    #expect(try Command.run("convert", Self.timm, "-o", folder.path("a.convnext")).status == 73)
    #expect(
      try Command.run("convert", Self.timm, "-o", folder.path("a.convnext"), "--force").status == 0)
    #expect(try folder.bytes("target") == Array("precious".utf8))
    #expect(try Command.run("verify", folder.path("a.convnext")).status == 0)
  }

  @Test("a dry run of a folder names every file that would be written")
  func dryFolder() throws {
    let folder = try TemporaryFolder()
    let output = folder.path("hf") + "/"
    let arguments = [
      "convert", Fixtures.path("names/timm.pth"), "-o", output, "--naming", "huggingface", "--json",
    ]
    let dry = try Command.run(arguments + ["--dry-run"]).json()
    #expect(folder.names == [])
    let wet = try Command.run(arguments).json()
    #expect(dry["output"] == wet["output"])
    #expect(dry["output"]?.arrayValue?.count == 2)
  }

  @Test("an output that nothing can be written to is found before anything is read")
  func impossibleOutput() throws {
    let folder = try TemporaryFolder()
    let file = Fixtures.path("names/timm.pth")
    let nameless = try Command.run("convert", file, "-o", "", "--to", "convnext")
    #expect(nameless.status == 64)
    #expect(nameless.error.contains("The output has no name."))
    for dryRun in [[], ["--dry-run"]] {
      let result = try Command.run(["convert", file, "-o", folder.path("hf") + "/"] + dryRun)
      #expect(result.status == 64)
      #expect(result.error.contains("hf/: a folder is written with --naming huggingface only"))
    }
    #expect(folder.names == [])
  }
}
