import ByteIO
import ConvNeXtSchema
import Convert
import TensorModel
import TestSupport
import Testing
import TorchFormat

@Suite("Checkpoint")
struct CheckpointTests {
  /// The container that is reported: an index stands for its shards.
  private static let containers = [
    "safetensors-index": "safetensors", "pytorch-index": "pytorch-zip",
  ]

  @Test(
    "every readable fixture has the tensors that its manifest lists",
    arguments: try FixtureManifest.checkpoints())
  func readable(_ fixture: FixtureFile) throws {
    let checkpoint = try fixture.checkpoint()
    #expect(
      checkpoint.container.rawValue == Self.containers[fixture.container] ?? fixture.container)
    let found = try checkpoint.tensors.map {
      FixtureTensor(
        name: $0.name.string, dtype: $0.elementType.name, shape: $0.shape, sha256: try $0.digest())
    }
    if Self.containers[fixture.container] == nil {
      #expect(found == fixture.tensors)
      #expect(checkpoint.fileByteCount == fixture.byteCount)
      #expect(try checkpoint.fileDigest() == fixture.sha256)
      #expect(checkpoint.files.map(\.path) == [fixture.path])
    } else {
      let byName = { (left: FixtureTensor, right: FixtureTensor) in
        TensorName(left.name) < TensorName(right.name)
      }
      #expect(found.sorted(by: byName) == fixture.tensors.sorted(by: byName))
    }
    #expect(Set(checkpoint.unsupportedTensors.map(\.name)) == Set(fixture.unsupported))
    #expect(checkpoint.inputs.map(\.info) == checkpoint.tensors.map(\.info))
    #expect(checkpoint.tensorByteCount == checkpoint.tensors.reduce(0) { $0 + $1.byteCount })
  }

  static func refused() throws -> [FixtureFile] {
    try FixtureManifest.files().filter { $0.refused?.when == "open" }
  }

  @Test("every broken fixture is refused with the right class of error", arguments: try refused())
  func refuses(_ fixture: FixtureFile) throws {
    let refusal = try #require(fixture.refused)
    do {
      _ = try fixture.checkpoint()
      Issue.record("it opens")
    } catch let error as any CheckpointError {
      let status: [FailureCategory: Int] = [
        .invalidInput: 65, .cannotOpen: 66, .unsupported: 69,
      ]
      #expect(status[error.category] == refusal.exit)
      #expect(!error.rule.isEmpty && !error.message.isEmpty)
    }
  }

  @Test("unknown globals are kept when asked, dangerous ones never")
  func skipsUnknown() throws {
    var options = Checkpoint.Options()
    options.skipsUnknownGlobals = true
    let fixtures = try FixtureManifest.files().filter { $0.json["skippable"] != nil }
    try #require(!fixtures.isEmpty)
    for fixture in fixtures {
      #expect(failureRule { try fixture.checkpoint() } == "pickle-global")
      #expect(try !Checkpoint(path: fixture.path, options: options).tensors.isEmpty)
    }
    #expect(
      failureRule {
        try Checkpoint(path: Fixtures.path("broken/call-os-system.pth"), options: options)
      } == "pickle-global")
  }

  @Test("what a file is comes from its bytes", arguments: ["a.txt", "a", "a.convnext", "a.bin"])
  func ignoresExtension(_ name: String) throws {
    let folder = try TemporaryFolder()
    for file in ["names/timm.pth", "names/timm.safetensors"] {
      let copy = try Checkpoint(path: folder.copy(file, to: name))
      let original = try FixtureManifest.file(file).checkpoint()
      #expect(copy.container == original.container)
      #expect(try copy.contents() == original.contents())
    }
  }

  @Test("a missing file is an error of the system")
  func missing() {
    #expect(
      failure(SystemError.self) { try Checkpoint(path: "/nowhere/a.pth") }
        == SystemError(.open, path: "/nowhere/a.pth", errorNumber: 2))
  }

  @Test("files that are nothing are named so")
  func nothing() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write([], to: "empty.pth")
    #expect(failure(InputError.self) { try Checkpoint(path: empty) } == .emptyFile)
    let text = try folder.write(text: "hello, world", to: "text.pth")
    #expect(
      failure(InputError.self) { try Checkpoint(path: text) }
        == .unknownText(firstLine: "hello, world"))
    let bytes = try folder.write([1, 2, 3, 4, 5, 6, 7, 8, 9], to: "bytes.pth")
    #expect(
      failure(InputError.self) { try Checkpoint(path: bytes) }
        == .unknownFile(firstBytes: [1, 2, 3, 4, 5, 6, 7, 8]))
    let json = try folder.write(text: "{\"a\": 1}", to: "answer.pth")
    #expect(failure(InputError.self) { try Checkpoint(path: json) } == .unexpectedJSON)
  }

  @Test("limits reach the readers")
  func limits() throws {
    var options = Checkpoint.Options()
    for (name, rule) in [
      ("names/timm.pth", "pickle-budget"), ("names/timm.safetensors", "too-many-tensors"),
    ] {
      options.limits.tensorCount = 64
      #expect(
        failureRule { try Checkpoint(path: Fixtures.path(name), options: options) } == rule)
      options.limits.tensorCount = 65
      #expect(try Checkpoint(path: Fixtures.path(name), options: options).tensors.count == 65)
    }
  }

  @Test("rules rename what the model is looked for under, not the tensors")
  func renames() throws {
    var options = Checkpoint.Options()
    options.renameRules = try RenameRule.parse(ByteRegion(copying: "^stem\\. trunk.".utf8))
    let checkpoint = try Checkpoint(path: Fixtures.path("names/timm.pth"), options: options)
    #expect(checkpoint.tensors[0].name == "stem.0.weight")
    #expect(checkpoint.inputs[0].info.name == "trunk.0.weight")
  }
}
