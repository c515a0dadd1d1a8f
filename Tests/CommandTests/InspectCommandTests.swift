import ByteIO
import TestSupport
import Testing

@Suite("inspect")
struct InspectCommandTests {
  private func text(_ arguments: String...) throws -> String {
    let result = try Command.run(["inspect"] + arguments)
    #expect(result.status == 0)
    #expect(result.error == "")
    return result.output
  }

  @Test("line by line what a file is, then its stages")
  func lines() throws {
    let path = Fixtures.path("names/timm.pth")
    let lines = try text(path).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("\(path)   PyTorch zip, pickle protocol 2, "))
    #expect(
      lines[1]
        == "  model     ConvNeXt V1 of a custom size (depths 1,1,2,1; widths 4,8,12,16)")
    #expect(lines[2] == "  naming    timm")
    #expect(lines[3] == "  head      10 classes")
    #expect(lines[5] == "  tensors   65, all F32, 9,778 parameters, 38.2 KiB")
    let stages = try #require(lines.firstIndex { $0.hasPrefix("STAGE") })
    #expect(
      lines[(stages + 1)...].map { $0.split(separator: " ").first ?? "" } == [
        "stem", "stages.0", "stages.1", "stages.2", "stages.3", "head", "total", "",
      ])
  }

  @Test("what a header says of its source cannot steer the terminal")
  func hostileSource() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.convnext")
    #expect(
      try Command.run("convert", Fixtures.path("names/timm.pth"), "-o", path).status == 0)
    var bytes = try folder.bytes("a.convnext")
    // As many bytes, so that nothing else moves; then the digest of the header is made anew.
    let (honest, hostile) = (Array("\"pytorch-zip\"".utf8), Array(#""\u001b[2Jxx""#.utf8))
    #expect(honest.count == hostile.count)
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: honest) })
    bytes.replaceSubrange(place..<place + honest.count, with: hostile)
    let dataOffset = (24..<32).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    bytes.replaceSubrange(40..<72, with: [UInt8](repeating: 0, count: 32))
    let digest = SHA256Digest(of: ByteRegion(copying: bytes[..<dataOffset]))
    bytes.replaceSubrange(40..<72, with: digest.bytes)
    try folder.write(bytes, to: "a.convnext")
    for format in ["text", "markdown"] {
      let text = try text(path, "--format", format)
      #expect(text.contains("u{1b}"))
      #expect(!text.contains("\u{1B}"))
    }
  }

  @Test("--layers lists every layer")
  func layers() throws {
    let json = try Command.run("inspect", "--config", "tiny", "--json").json()
    let names = try #require(json["layers"]?.arrayValue).compactMap { $0["name"]?.stringValue }
    let lines = try text("--config", "tiny", "--layers").split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("LAYER") })
    #expect(
      lines[(start + 1)...].compactMap { $0.split(separator: " ").first }.map(String.init) == names)
  }

  @Test("--config list names every size, and each name is a configuration")
  func list() throws {
    let names = try text("--config", "list").split(separator: "\n").map(String.init)
    #expect(names.count == Set(names).count)
    #expect(names.contains("convnext_tiny") && names.contains("convnextv2_huge"))
    for name in names {
      #expect(try Command.run("inspect", "--config", name).status == 0, "\(name)")
    }
  }

  @Test("the published sizes as text, JSON and Markdown")
  func publishedSizes() throws {
    let text = try Command.run("inspect", "--config", "list").output
    #expect(text.hasPrefix("convnext_"))
    let markdown = try Command.run("inspect", "--config", "list", "--format", "markdown").output
    #expect(markdown.hasPrefix("| CONFIGURATION |\n| --- |\n| convnext"))
    #expect(markdown.split(separator: "\n").count == text.split(separator: "\n").count + 2)
  }

  @Test("an unknown configuration gets the nearest name")
  func unknownConfiguration() throws {
    let result = try Command.run("inspect", "--config", "tyni")
    #expect(result.status == 64)
    #expect(result.error.contains("did you mean 'tiny'?"))
    #expect(result.error.contains("--config list"))
    let huge = try Command.run("inspect", "--config", "huge")
    #expect(huge.error.contains("did you mean 'v2_huge'?"))
    #expect(try Command.run("inspect", "--config", "v2_huge").status == 0)
  }

  @Test("--classes and --image-size change head and costs")
  func options() throws {
    let json = try Command.run(
      "inspect", "--config", "tiny", "--classes", "0", "--image-size", "64", "--json"
    ).json()
    #expect(json["model"]?["classes"] == .null)
    #expect(json["model"]?["imageSize"] == .integer(64))
    #expect(json["inputShape"] == .integers([3, 64, 64]))
    let small = try Command.run("inspect", "--config", "tiny", "--image-size", "31")
    #expect(small.status == 64)
    #expect(small.error.contains("32 at least"))
  }

  @Test("--extra shows what else a training checkpoint holds")
  func extra() throws {
    let path = Fixtures.path("training/facebook.pth")
    let text = try text(path, "--extra")
    #expect(text.contains("\nepoch: 299\n"))
    #expect(text.contains("\nargs:\n  class: \"argparse.Namespace\"\n"))
    #expect(text.contains("leaving out 'optimizer' saves "))
    let json = try Command.run("inspect", path, "--extra", "--json").json()
    #expect(json["extra"]?["epoch"] == .integer(299))
    #expect(json["extraIsCut"] == .bool(false))
    #expect(try Command.run("inspect", path, "--json").json()["extra"] == nil)
    #expect(
      try self.text(Fixtures.path("safetensors/no-tensors.safetensors"), "--extra").contains(
        "nothing but tensors"))
  }

  @Test("what is beside the tensors is named, and --extra shows it")
  func namesOfExtra() throws {
    let training = try text(Fixtures.path("training/facebook.pth"))
    #expect(
      training.contains("\n  extra     'epoch', 'scaler', 'args'; 'inspect --extra' shows them\n"))
    let metadata = try text(Fixtures.path("safetensors/metadata.safetensors"), "--extra")
    #expect(metadata.contains(#"  extra     'note "1"'; "#))
    #expect(metadata.hasSuffix("\nnote \"1\": \"a\\\\b\\n\\u0001é語😀\"\n"))
  }

  @Test("of very many parts the first are shown, and how many more there are")
  func manyParts() throws {
    let folder = try TemporaryFolder()
    let model = try FixtureManifest.file("names/timm.safetensors").tensors
    let shapes = model.map { ($0.name, $0.shape) } + (1...15).map { ("part\($0).weight", [1]) }
    var header = JSONObject()
    var end = 0
    for (name, shape) in shapes {
      let start = end
      end += 4 * shape.reduce(1, *)
      header[name] = .object([
        "dtype": .string("F32"), "shape": .integers(shape),
        "data_offsets": .integers([start, end]),
      ])
    }
    let json = Array(JSONValue.object(header).serialized().utf8)
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(json.count))
    let path = try folder.write(
      bytes + json + [UInt8](repeating: 0, count: end), to: "a.safetensors")
    let text = try text(path)
    #expect(text.contains("  beside    leaving out "))
    #expect(text.split(separator: "\n").count { $0.contains("leaving out 'part") } == 12)
    #expect(text.contains("\n            and 3 more\n"))
  }

  @Test("a near miss says what does not fit")
  func nearMiss() throws {
    let text = try text(Fixtures.path("torch/wrong-shape.pth"))
    #expect(
      text.contains(
        "  doubts    wrong shape: 'stages.2.blocks.0.mlp.fc1.weight' is 24x5, the model has 24x6"))
  }

  @Test("what is not whole is said beside the model's name, with how much")
  func notWhole() throws {
    #expect(
      try text(Fixtures.path("torch/wrong-shape.pth"))
        .contains("; not whole: of its 56 tensors 1 of another shape\n"))
    #expect(
      try text(Fixtures.path("torch/missing-tensor.pth"))
        .contains("; not whole: of its 56 tensors 1 missing\n"))
    #expect(try !text(Fixtures.path("names/timm.pth")).contains("not whole"))
  }

  @Test("what a folder says of images and labels is there, in text and JSON")
  func texts() throws {
    let path = Fixtures.path("folders/single")
    let json = try Command.run("inspect", path, "--json").json()
    let text = try text(path)
    #expect(json["preprocessing"]?.objectValue != nil)
    #expect(text.contains("\n  images    "))
    let labels = try #require(json["labels"]?.arrayValue)
    #expect(text.contains("\n  labels    \(labels.count): "))
    #expect(json["elementTypeCounts"]?["F32"] == json["tensors"])
    #expect(json["fileBytes"]?.integerValue ?? 0 > 0 && json["pickle"] == .null)
    let pickle = try Command.run("inspect", Fixtures.path("names/timm.pth"), "--json").json()
    #expect(pickle["pickle"]?["protocol"] == .integer(2))
    #expect(pickle["pickle"]?["inert"] == .array([]))
  }

  @Test("a file of another model is described as such")
  func otherModel() throws {
    let text = try text(Fixtures.path("torch/mlp.pth"))
    #expect(text.contains("not a ConvNeXt"))
    #expect(!text.contains("STAGE"))
    let quantized = try self.text(Fixtures.path("torch/quantized.pth"))
    #expect(quantized.contains("'per_tensor': a quantized tensor"))
    let json = try Command.run("inspect", Fixtures.path("torch/quantized.pth"), "--json").json()
    #expect(json["unsupportedTensors"] == .integer(2))
  }

  @Test("kept globals are named, and --skip-unknown keeps more")
  func safety() throws {
    #expect(
      try text(Fixtures.path("training/facebook.pth")).contains(
        "nothing was executed; kept as plain values: argparse.Namespace"))
    let unknown = Fixtures.path("broken/call-unknown.pth")
    let refused = try Command.run("inspect", unknown)
    #expect(refused.status == 65)
    #expect(refused.error.contains("--skip-unknown"))
    #expect(try Command.run("inspect", unknown, "--skip-unknown").status == 0)
    let dangerous = try Command.run(
      "inspect", Fixtures.path("broken/call-os-system.pth"), "--skip-unknown")
    #expect(dangerous.status == 65)
  }

  @Test(
    "folders, indices and files of any name",
    arguments: [
      "folders/single", "folders/sharded/", "folders/sharded-bin/pytorch_model.bin.index.json",
    ])
  func folders(_ path: String) throws {
    let json = try Command.run("inspect", Fixtures.path(path), "--json", "--sha256").json()
    let digest = try FixtureManifest.file("folders/single/model.safetensors").model?.contentDigest
    #expect(json["contentDigest"]?.stringValue == digest?.hex)
    #expect(json["naming"] == .string("huggingface"))
  }

  @Test(
    "the name of a file means nothing", arguments: ["a.safetensors", "a.txt", "a", "a.convnext"])
  func names(_ name: String) throws {
    let folder = try TemporaryFolder()
    let json = try Command.run(
      "inspect", folder.copy("names/timm.pth", to: name), "--json"
    ).json()
    #expect(json["container"] == .string("pytorch-zip"))
    #expect(json["naming"] == .string("timm"))
  }

  @Test("what only a file has is refused for a published size")
  func configurationHasNoFile() throws {
    for option in [["--sha256"], ["--extra"], ["--key", "model"], ["--rules", "rules.txt"]] {
      let result = try Command.run(["inspect", "--config", "tiny-224"] + option)
      #expect(result.status == 64)
      #expect(result.output == "")
    }
  }

  @Test("the published sizes are a list, in JSON too")
  func listOfConfigurations() throws {
    let names = try Command.run("inspect", "--config", "list").output.split(separator: "\n")
    let json = try Command.run("inspect", "--config", "list", "--json").json()
    #expect(json["configurations"]?.arrayValue?.compactMap(\.stringValue) == names.map(String.init))
    #expect(names.contains("convnext_tiny"))
  }
}
