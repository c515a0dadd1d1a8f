import ByteIO
import TestSupport
import Testing

/// The keys that scripts rely on.
@Suite("JSON")
struct JSONContractTests {
  private static let timm = Fixtures.path("names/timm.pth")

  private func keys(_ value: JSONValue?) -> [String] {
    value?.objectValue?.entries.map(\.key) ?? []
  }

  @Test(
    "every command names its schema",
    arguments: [
      "inspect", "tensors", "checksum", "verify", "scan", "convert", "quantize", "diff", "report",
    ])
  func schema(_ command: String) throws {
    let folder = try TemporaryFolder()
    let options =
      switch command {
      case "convert", "quantize": ["-o", folder.path("a.convnext")]
      case "report": ["-o", folder.path("a.html")]
      case "diff": [Fixtures.path("names/facebook.safetensors")]
      default: [String]()
      }
    let result = try Command.run([command, Self.timm, "--json"] + options)
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(try result.json()["schema"]?.stringValue == "convnext.\(command)/1")
    #expect(result.output.hasSuffix("}\n"))
  }

  private static let inspectKeys = [
    "schema", "file", "container", "naming", "wrapper", "sha256", "model", "tensors", "parameters",
    "bytes", "contentDigest", "health", "macs", "flops", "conventions", "stages", "layers",
  ]
  private static let nested = [
    "model": [
      "family", "version", "variant", "depths", "widths", "classes", "imageSize", "normEpsilon",
      "finalNormEpsilon", "features",
    ],
    "conventions": ["fvcore-timm", "fvcore-facebook", "torch-flop-counter", "mmcv"],
  ]
  private static let rows = [
    "stages": ["name", "blocks", "parameters", "bytes", "macs", "outputShape"],
    "layers": [
      "name", "kind", "parameters", "macs", "inputShape", "outputShape", "kernel", "stride",
      "groups", "dilation", "activation",
    ],
  ]

  @Test(
    "inspect has all keys, for a file and for a configuration",
    arguments: [[timm], ["--config", "tiny-224"], [Fixtures.path("torch/mlp.pth")]])
  func inspect(_ arguments: [String]) throws {
    let json = try Command.run(["inspect", "--json"] + arguments).json()
    #expect(Set(keys(json)).isSuperset(of: Self.inspectKeys))
    if json["model"] != .null {
      for (key, expected) in Self.nested { #expect(keys(json[key]) == expected) }
      for (key, expected) in Self.rows {
        let rows = try #require(json[key]?.arrayValue)
        #expect(!rows.isEmpty)
        for row in rows { #expect(keys(row) == expected) }
      }
    }
    #expect(json["sha256"] == .null)
    #expect(json["contentDigest"] == .null)
  }

  @Test("inspect of tiny-224 has the numbers of the real model")
  func tiny() throws {
    let json = try Command.run("inspect", "--config", "tiny-224", "--json").json()
    #expect(json["tensors"] == .integer(182))
    #expect(json["parameters"] == .integer(28_589_128))
    #expect(json["bytes"] == .integer(4 * 28_589_128))
    #expect(json["macs"] == .integer(4_455_531_264))
    #expect(json["flops"] == .integer(8_911_062_528))
    #expect(json["conventions"]?["fvcore-timm"] == .integer(4_470_437_376))
    #expect(json["conventions"]?["fvcore-facebook"] == .integer(4_466_260_224))
    #expect(json["conventions"]?["torch-flop-counter"] == .integer(8_911_062_528))
    #expect(json["file"] == .null && json["container"] == .null && json["naming"] == .null)
    #expect(json["model"]?["variant"] == .string("tiny"))
    #expect(json["model"]?["imageSize"] == .integer(224))
    let rows = try #require(Gold.json("macs-tiny-224.json")["layers"]?.arrayValue)
    let layers = try #require(json["layers"]?.arrayValue)
      .filter { $0["kind"]?.stringValue != "layer_scale" }
    #expect(layers.count == rows.count)
    for (layer, row) in zip(layers, rows) {
      #expect(layer["macs"] == row.arrayValue?[4])
      #expect(layer["inputShape"] == row.arrayValue?[2])
      #expect(layer["outputShape"] == row.arrayValue?[3])
    }
  }

  @Test("other configurations have the numbers of the real models")
  func variants() throws {
    for row in try #require(Gold.json("variants.json")["rows"]?.arrayValue) {
      let name = try #require(row["name"]?.stringValue)
      guard !name.contains("(") else { continue }
      let classes = try #require(row["classes"]?.integerValue)
      let macs = row.objectValue?.entries.first { $0.key.hasPrefix("macs_") }
      guard let macs, row["layer_scale"] == nil else { continue }
      let json = try Command.run(
        "inspect", "--config", name, "--classes", "\(classes)", "--image-size",
        String(macs.key.dropFirst("macs_".count)), "--json"
      ).json()
      #expect(json["parameters"] == row["params"], "\(name)")
      #expect(json["macs"] == macs.value, "\(name)")
    }
  }

  @Test("inspect of a file, value by value")
  func file() throws {
    let fixture = try FixtureManifest.file("torch/ema.pth")
    let json = try Command.run("inspect", fixture.path, "--json", "--sha256").json()
    #expect(json["file"] == .string(fixture.path))
    #expect(json["container"] == .string("pytorch-zip"))
    #expect(json["naming"] == .string("timm"))
    #expect(json["wrapper"] == .string("model_ema"))
    #expect(json["sha256"] == .string(fixture.sha256.hex))
    #expect(json["contentDigest"]?.stringValue == fixture.model?.contentDigest.hex)
    #expect(json["tensors"] == .integer(56))
    #expect(json["otherTensors"] == .integer(56))
    #expect(json["complete"] == .bool(true))
    #expect(json["problems"] == .array([]))
    #expect(
      json["candidates"]?.arrayValue?.compactMap { $0["key"]?.stringValue }
        == ["model_ema", "model"])
    #expect(
      json["candidates"]?.arrayValue?.compactMap { $0["averaged"]?.boolValue } == [true, false])
    let raw = try Command.run("inspect", fixture.path, "--json", "--sha256", "--key", "model")
    #expect(
      try raw.json()["contentDigest"]?.stringValue
        == fixture.model?.alternatives.first?.contentDigest.hex)
  }

  @Test("convert tells what was written and how")
  func convert() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/torchvision.pth")
    let output = folder.path("a.safetensors")
    let json = try Command.run(
      "convert", fixture.path, "-o", output, "--naming", "timm", "--json", "--explain"
    ).json()
    #expect(
      keys(json) == [
        "schema", "file", "output", "written", "container", "sourceNaming", "wrapper", "prefix",
        "naming", "tensors", "reshaped", "bytes", "contentDigest", "problems", "leftOut", "plan",
        "notes",
      ])
    #expect(json["output"] == .array([.string(output)]))
    #expect(json["written"] == .bool(true))
    #expect(json["sourceNaming"] == .string("torchvision"))
    #expect(json["naming"] == .string("timm"))
    #expect(json["tensors"] == .integer(65))
    #expect(json["reshaped"] == .integer(5))
    #expect(json["bytes"] == .integer(try folder.bytes("a.safetensors").count))
    let plan = try #require(json["plan"]?.arrayValue)
    #expect(plan.count == 65)
    let scale = try #require(
      plan.first { $0["canonical"]?.stringValue == "stages.0.blocks.0.layer_scale" })
    #expect(
      scale
        == .object([
          "source": .string("features.1.0.layer_scale"),
          "canonical": .string("stages.0.blocks.0.layer_scale"),
          "target": .string("stages.0.blocks.0.gamma"),
          "rule": .string("features.{2i+1}.{j}.layer_scale"),
          "sourceShape": .integers([4, 1, 1]),
          "targetShape": .integers([4]),
        ]))
  }

  @Test("verify tells what is wrong, file by file")
  func verify() throws {
    let broken = Fixtures.path("broken/zip-data-changed.pth")
    let result = try Command.run("verify", Self.timm, broken, "--json")
    #expect(result.status == 1)
    let json = try result.json()
    #expect(json["intact"] == .bool(false))
    let files = try #require(json["files"]?.arrayValue)
    #expect(files.map { $0["intact"]?.boolValue } == [true, false])
    #expect(files.map { $0["file"]?.stringValue } == [Self.timm, broken])
    let problem = try #require(
      files[1]["checks"]?.arrayValue?.last?["problems"]?.arrayValue?.first)
    #expect(
      keys(problem) == ["rule", "message", "record", "byteOffset", "byteOffsetFrom", "tensor"])
    #expect(problem["rule"] == .string("record-checksum"))
  }

  @Test("checksum has the manifest's lines")
  func checksum() throws {
    let json = try Command.run("checksum", Self.timm, "--json").json()
    let text = try Command.run("checksum", Self.timm).output
    let lines = try #require(json["tensors"]?.arrayValue).map { tensor in
      let shape = (tensor["shape"]?.integerArray ?? []).map(String.init).joined(separator: ",")
      return "\(tensor["sha256"]?.stringValue ?? "")  \(tensor["dtype"]?.stringValue ?? "")"
        + "[\(shape)]  \(tensor["name"]?.stringValue ?? "")\n"
    }
    #expect(lines.joined() == text)
    #expect(json["contentDigest"] == .string(SHA256Digest(of: text).hex))
  }
}
