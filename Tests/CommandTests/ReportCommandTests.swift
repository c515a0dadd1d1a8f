import ByteIO
import TestSupport
import Testing

@Suite("report")
struct ReportCommandTests {
  private static let digits = Fixtures.path("digits/convnext_digits.pth")

  private func page(_ arguments: String...) throws -> String {
    let folder = try TemporaryFolder()
    let output = folder.path("page.html")
    let result = try Command.run(["report", "-o", output] + arguments)
    #expect(result.status == 0, "\(result.error)")
    return String(decoding: try folder.bytes("page.html"), as: UTF8.self)
  }

  @Test("writes a page, says what was found, and leaves nothing else behind")
  func writing() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run("report", Self.digits, "-o", folder.path("a.html"))
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(result.output.hasPrefix("health: nothing was found\nwrote \(folder.path("a.html"))  "))
    #expect(folder.names == ["a.html"])
  }

  @Test("an output that exists is only replaced with --force")
  func force() throws {
    let folder = try TemporaryFolder()
    let output = try folder.write("old".utf8, to: "a.html")
    let refused = try Command.run("report", Self.digits, "-o", output)
    #expect(refused.status == 73)
    #expect(refused.error.contains("exists"))
    #expect(try folder.bytes("a.html") == Array("old".utf8))
    #expect(try Command.run("report", Self.digits, "-o", output, "--force").status == 0)
    #expect(try folder.bytes("a.html").count > 10_000)
  }

  @Test(
    "what cannot be read leaves no page, and the error names the file",
    arguments: [
      (["broken/call-os-system.pth"], 65), (["no-such-file.pth"], 66),
      (["digits/convnext_digits.pth", "no-such-file.pth"], 66),
    ] as [([String], Int32)])
  func failures(files: [String], status: Int32) throws {
    let folder = try TemporaryFolder()
    let paths = files.map { Fixtures.path($0) }
    let result = try Command.run(["report", "-o", folder.path("a.html")] + paths)
    #expect(result.status == status)
    #expect(result.error.hasPrefix("convnext: \(paths.last ?? ""): "))
    #expect(folder.names == [])
  }

  @Test("beside the original, a quantized model's losses are shown as its quantization told them")
  func quantization() throws {
    let folder = try TemporaryFolder()
    let quantized = folder.path("int8.convnext")
    let result = try Command.run("quantize", Self.digits, "-o", quantized, "--json")
    #expect(result.status == 0)
    let json = try JSONValue(parsing: ByteRegion(copying: result.output.utf8))
    let told = try #require(json["tensors"]?.arrayValue).compactMap { tensor -> String? in
      guard let name = tensor["name"]?.stringValue, let loss = tensor["sqnr"]?.numberValue
      else { return nil }
      return "\(name) \(fixedPoint(loss, decimals: 2))"
    }
    let html = try page(Self.digits, quantized)
    let section = try #require(
      html.split(separator: "<section ").first { $0.hasPrefix("id=\"quantization") })
    let shown = section.matches(of: /<code>([^<]*)<\/code>.*<span>([0-9.]+)<\/span>/).map {
      "\($0.1) \($0.2)"
    }
    #expect(shown.count == 20)
    #expect(shown.sorted() == told.sorted())
    #expect(!(try page(Self.digits)).contains("id=\"quantization"))
  }

  @Test("the same files give the same bytes, wherever they lie")
  func deterministic() throws {
    let folder = try TemporaryFolder()
    let copy = try folder.copy("digits/convnext_digits.pth", to: "convnext_digits.pth")
    let first = try page(Self.digits)
    #expect(try page(copy) == first)
    #expect(!first.contains(FileSystem.folder(of: Self.digits)))
    #expect(try page(Self.digits, copy) == page(copy, Self.digits))
  }

  @Test("inspect --format html prints the same page")
  func inspect() throws {
    let result = try Command.run("inspect", Self.digits, "--format", "html", "--image-size", "32")
    #expect(result.status == 0)
    #expect(try page(Self.digits, "--image-size", "32") == result.output)
  }

  @Test(
    "a page has the digests that checksum and inspect print",
    arguments: [
      "digits/convnext_digits.pth", "names/torchvision.safetensors", "torch/mlp.pth",
      "training/facebook.pth", "folders/sharded", "torch/missing-tensor.pth", "quantized.convnext",
      "quantized.safetensors",
    ])
  func digests(file: String) throws {
    let folder = try TemporaryFolder()
    var path = Fixtures.path(file)
    if file.hasPrefix("quantized") {
      path = folder.path(file)
      #expect(try Command.run("quantize", Self.digits, "-o", path).status == 0)
    }
    let html = try page(path)
    let json = try Command.run("inspect", path, "--sha256", "--json").json()
    let content = try #require(json["contentDigest"]?.stringValue)
    #expect(html.contains("<dt>content</dt><dd>\(content)</dd>"))
    if let digest = json["sha256"]?.stringValue {
      #expect(html.contains("<dt>SHA-256</dt><dd>\(digest)</dd>"))
    }
    let tensors = try Command.run("checksum", path, "--json", "--names", "source").json()
    for tensor in try #require(tensors["tensors"]?.arrayValue)
    // Scales belong to their codes, and have no line of their own.
    where tensor["name"]?.stringValue?.hasSuffix("_scale") != true {
      #expect(html.contains("<code>\(tensor["sha256"]?.stringValue ?? "?")</code>"))
    }
  }

  @Test("two files: the verdict of diff, in text and JSON")
  func comparison() throws {
    let folder = try TemporaryFolder()
    let files = [Fixtures.path("names/torchvision.pth"), Self.digits]
    let diff = try Command.run(["diff", "--json"] + files).json()
    let verdict = try #require(diff["verdict"]?.stringValue)
    let output = folder.path("a.html")
    let result = try Command.run(["report", "-o", output, "--json"] + files)
    #expect(result.status == 0)
    let json = try result.json()
    #expect(json["files"] == .array(files.map { .string($0) }))
    #expect(json["output"] == .string(output))
    #expect(json["bytes"] == .integer(try folder.bytes("a.html").count))
    #expect(json["health"] == .array([]))
    #expect(json["same"] == .bool(false))
    #expect(json["verdict"] == .string(verdict))
    let html = String(decoding: try folder.bytes("a.html"), as: UTF8.self)
    #expect(html.contains("<strong>\(verdict)</strong>"))
    let one = try Command.run("report", Self.digits, "-o", folder.path("b.html"), "--json").json()
    #expect(one["same"] == .null && one["verdict"] == .null)
  }

  @Test("every fixture that can be read has a page, and no other")
  func fixtures() throws {
    let folder = try TemporaryFolder()
    for file in try FixtureManifest.files() where file.container != "json" {
      let result = try Command.run("report", file.path, "-o", folder.path("a.html"), "--force")
      let allowed = [file.refused?.exit ?? 0] + (file.mayRefuse.map { [$0] } ?? [])
      #expect(allowed.contains(Int(result.status)), "\(file.file): \(result.error)")
    }
    let shard = Fixtures.path("folders/sharded/model-00002-of-00003.safetensors")
    #expect(try page(shard).hasSuffix("</html>\n"))
  }

  @Test("--key takes other weights, and goes with one file")
  func key() throws {
    let path = Fixtures.path("torch/ema.pth")
    let averaged = try page(path)
    let raw = try page(path, "--key", "model")
    #expect(raw != averaged)
    let digest = try Command.run("inspect", path, "--sha256", "--key", "model", "--json").json()
    #expect(raw.contains("<dd>\(digest["contentDigest"]?.stringValue ?? "?")</dd>"))
    let folder = try TemporaryFolder()
    let two = try Command.run(
      "report", path, path, "--key", "model", "-o", folder.path("a.html"))
    #expect(two.status == 64)
  }

  @Test(
    "options that make no sense",
    arguments: [
      ["--image-size", "0"], ["--tolerance", "1"], ["--tolerance", "-1"], ["--format", "html"],
    ])
  func usage(options: [String]) throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(["report", Self.digits, "-o", folder.path("a")] + options)
    #expect(result.status == 64)
    #expect(folder.names == [])
  }
}
