import ByteIO
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
    #expect(averaged.error.contains("--first-key '\(alternative.key)' selects those"))
    #expect(averaged.error.contains("--second-key '\(alternative.key)' selects those"))
    let mixed = try Command.run("diff", fixture.path, fixture.path, "--first-key", alternative.key)
    #expect(mixed.status == 1)
    #expect(!mixed.error.contains("--first-key"))
    let raw = try Command.run(
      "diff", fixture.path, fixture.path, "--first-key", alternative.key, "--second-key",
      alternative.key)
    #expect(raw.status == 0)
    #expect(raw.error == "")
  }

  @Test("what no tensor shows of two models is said in the verdict and by a key of its own")
  func modelDifference() throws {
    let folders = [try TemporaryFolder(), try TemporaryFolder()]
    for (folder, activation) in zip(folders, ["gelu", "relu"]) {
      let weights = try Fixtures.bytes("names/huggingface.safetensors").array
      try folder.write(weights, to: "model.safetensors")
      let config = #"{"model_type": "convnext", "hidden_act": "\#(activation)"}"#
      try folder.write(config.utf8, to: "config.json")
    }
    let different = try Command.run("diff", folders[0].path, folders[1].path, "--json")
    #expect(different.status == 1)
    let sentence = "only the second computes 'activation_relu'"
    #expect(try different.json()["modelDifference"] == .string(sentence))
    #expect(try different.json()["verdict"] == .string("different: \(sentence)"))
    let same = try Command.run("diff", folders[0].path, folders[0].path, "--json")
    #expect(same.status == 0)
    #expect(try same.json()["modelDifference"] == .null)
  }

  @Test("that only one file holds a ConvNeXt is noted")
  func otherModel() throws {
    let (timm, mlp) = (Fixtures.path("names/timm.pth"), Fixtures.path("torch/mlp.pth"))
    for files in [[timm, mlp], [mlp, timm]] {
      let result = try Command.run(["diff"] + files)
      #expect(result.status == 1)
      #expect(
        result.error == "note: '\(mlp)' holds no ConvNeXt: the files' own names are compared\n")
      #expect(try Command.run(["diff", "--names", "source"] + files).error == "")
    }
    #expect(try Command.run("diff", mlp, mlp).error == "")
  }

  @Test("what a configuration says and the weights do not is noted")
  func configuration() throws {
    let folder = try TemporaryFolder()
    let timm = Fixtures.path("names/timm.safetensors")
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    try folder.write(#"{"layers": 3}"#.utf8, to: "config.json")
    let result = try Command.run("diff", folder.path, timm)
    #expect(result.status == 0)
    #expect(
      result.error == "note: '\(folder.path)': config.json is neither transformers' nor timm's; "
        + "what it says of the model is not known\n")
  }

  @Test("a distance has four digits in text, and all in JSON")
  func distances() throws {
    let folder = try TemporaryFolder()
    let (timm, output) = (Fixtures.path("names/timm.pth"), folder.path("a.convnext"))
    #expect(try Command.run("quantize", timm, "-o", output).status == 0)
    let text = try Command.run("diff", timm, output, "--quiet").output
    let json = try Command.run("diff", timm, output, "--json").json()
    let pattern = /elements at most ([0-9.e-]+) apart/
    let short = try #require(text.firstMatch(of: pattern)?.1)
    let long = try #require(json["verdict"]?.stringValue?.firstMatch(of: pattern)?.1)
    #expect(short.count < 10 && long.count > 12 && short != long)
    let distance = try #require(json["tensors"]?.arrayValue?.first?["maxDifference"]?.numberValue)
    #expect("\(distance)" == long)
  }
}
