import ByteIO
import NativeFormat
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("Verification")
struct VerificationTests {
  private func rules(_ verification: Verification) -> [String] {
    verification.checks.flatMap(\.problems).map(\.rule)
  }

  @Test("every readable fixture is intact", arguments: try FixtureManifest.checkpoints())
  func readable(_ fixture: FixtureFile) throws {
    let verification = try Verification(
      path: fixture.path, expecting: .init(digest: fixture.sha256))
    #expect(verification.isIntact)
    #expect(verification.container != nil)
    #expect(verification.checks.last?.subject == "SHA-256 as given")
  }

  static func brokenFiles() throws -> [FixtureFile] {
    try FixtureManifest.files().filter {
      $0.refused?.exit == 65 && $0.refused?.rule != "tensor-budget"
    }
  }

  @Test("every broken fixture is not", arguments: try brokenFiles())
  func broken(_ fixture: FixtureFile) throws {
    let verification = try Verification(path: fixture.path)
    #expect(!verification.isIntact)
    let problem = try #require(verification.checks.flatMap(\.problems).first)
    #expect(!problem.rule.isEmpty && !problem.message.isEmpty)
  }

  @Test("files that are valid and not supported are neither")
  func unsupported() throws {
    let fixtures = try FixtureManifest.files().filter { $0.refused?.exit == 69 }
    try #require(fixtures.count > 3)
    for fixture in fixtures {
      #expect(
        failureCategory { try Verification(path: fixture.path) } == .unsupported,
        "\(fixture.file)")
    }
  }

  @Test("a sound native file beyond a limit is not damaged; a header of a made-up length is")
  func limits() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Fixtures.path("torch/protocol-2.pth"))
    let plan = try ConversionPlan(
      checkpoint, ConversionRequest(container: .convnext, tool: "tests"))
    let path = folder.path("a.convnext")
    _ = try plan.write(to: path, replacingExisting: false)
    let narrow: [(String, WritableKeyPath<Limits, Int>)] = [
      ("too-many-tensors", \.tensorCount), ("too-many-dimensions", \.rank),
      ("header-too-large", \.headerByteCount),
    ]
    for (rule, limit) in narrow {
      var options = Checkpoint.Options()
      options.limits[keyPath: limit] = 1
      #expect(
        failure(NativeError.self) { try Verification(path: path, options: options) }?.rule == rule)
    }
    var bytes = try folder.bytes("a.convnext")
    bytes[200] ^= 1
    let damaged = try folder.write(bytes, to: "b.convnext")
    var options = Checkpoint.Options()
    options.limits.headerByteCount = 1
    #expect(try rules(Verification(path: damaged, options: options)) == ["header-digest"])
  }

  @Test("a digest in the file's name is held against the file")
  func digestInName() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/torchvision.pth")
    let hex = fixture.sha256.hex
    for count in [8, 16, 64] {
      let path = try folder.copy(fixture.file, to: "convnext_tiny-\(hex.prefix(count)).pth")
      let verification = try Verification(path: path)
      #expect(verification.isIntact)
      #expect(verification.checks.last?.subject == "SHA-256 in the file's name")
    }
    let path = try folder.copy(fixture.file, to: "convnext_tiny-983f1562.pth")
    let verification = try Verification(path: path)
    #expect(rules(verification) == ["checksum-mismatch"])
    #expect(
      verification.checks.last?.problems.first?.message
        == "the SHA-256 should be 983f1562 by the file's name, and is \(hex)")
    #expect(verification.checks.last?.problems.first?.hint != nil)
  }

  @Test("other weights that lie in the folder are named as not read")
  func otherWeights() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    #expect(
      !(try Verification(path: folder.path).checks.contains { $0.subject == "other weights" }))
    try folder.copy("names/timm.pth", to: "pytorch_model.bin")
    for path in [folder.path, folder.path + "/"] {
      let checks = try Verification(path: path).checks
      let omission = checks.first { $0.subject == "other weights" }?.omission
      #expect(omission?.hasPrefix("'pytorch_model.bin' in the folder was not read") == true)
    }
    let named = try Verification(path: folder.path("model.safetensors"))
    #expect(!named.checks.contains { $0.subject == "other weights" })
  }

  @Test("a digest and a size that are given are held against the file")
  func given() throws {
    let fixture = try FixtureManifest.file("names/timm.safetensors")
    let other = SHA256Digest(of: "other")
    let wrong = try Verification(
      path: fixture.path, expecting: .init(digest: other, byteCount: fixture.byteCount + 1))
    #expect(rules(wrong) == ["size-mismatch", "checksum-mismatch"])
    #expect(wrong.container == .safetensors)
    let right = try Verification(
      path: fixture.path, expecting: .init(digest: fixture.sha256, byteCount: fixture.byteCount))
    #expect(right.isIntact)
    #expect(
      right.checks.map(\.subject) == [
        "size as given", "structure", "SHA-256 as given",
      ])
  }

  @Test("a record with another checksum is named")
  func records() throws {
    let sound = try Verification(path: Fixtures.path("names/timm.pth"))
    #expect(sound.checks.map(\.subject).first == "structure")
    #expect(sound.checks.last?.subject.hasPrefix("CRC-32 of ") == true)
    let unchecked = try Verification(path: Fixtures.path("torch/crc-zero.pth"))
    #expect(unchecked.isIntact)
    let omission = try #require(unchecked.checks.last?.omission)
    #expect(omission.contains("have no CRC-32"))
    let digest = SHA256Digest(of: try Fixtures.bytes("torch/crc-zero.pth"))
    let held = try Verification(
      path: Fixtures.path("torch/crc-zero.pth"), expecting: .init(digest: digest))
    #expect(held.checks.allSatisfy { $0.omission == nil })
    let broken = try Verification(path: Fixtures.path("broken/zip-data-changed.pth"))
    #expect(rules(broken) == ["record-checksum"])
    let record = broken.checks.last?.problems.first?.place.record
    #expect(record?.hasSuffix("data/0") == true)
  }

  @Test("the records of all shards are checked, and the shard and the tensor are named")
  func shardRecords() throws {
    let folder = try TemporaryFolder()
    let source = "folders/sharded-bin"
    for name in namesInFolder(Fixtures.path(source)) {
      try folder.copy("\(source)/\(name)", to: name)
    }
    let sound = try Verification(path: folder.path)
    #expect(sound.isIntact)
    #expect(sound.checks.last?.subject.hasPrefix("CRC-32 of ") == true)
    let shard = "pytorch_model-00002-of-00003.bin"
    var bytes = try folder.bytes(shard)
    // The elements of a tensor, so that nothing but the checksum can tell.
    let tensor = try #require(Checkpoint(path: folder.path(shard)).tensors.first)
    let elements = try tensor.contiguousBytes().array
    let start = try #require(
      bytes.indices.first { bytes[$0...].starts(with: elements) })
    bytes[start] ^= 1
    try folder.write(bytes, to: shard)
    for path in [folder.path, folder.path("pytorch_model.bin.index.json")] {
      let verification = try Verification(path: path)
      #expect(rules(verification) == ["record-checksum"])
      let place = verification.checks.last?.problems.first?.place
      #expect(place?.record?.hasPrefix("\(shard): ") == true)
      #expect(place?.tensor == tensor.name.string)
    }
  }

  @Test("a changed .convnext file names the tensor or the field")
  func nativeDamage() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("torch/protocol-2.pth").checkpoint()
    let native = try #require(source.converted(to: folder.path("a.convnext")).native)
    let sound = try folder.bytes("a.convnext")
    let header = try Verification(path: folder.path("a.convnext"))
    #expect(
      header.checks.map(\.subject) == ["header", "SHA-256 of \(native.tensors.count) tensors"])

    func problems(changing offset: Int) throws -> [Verification.Problem] {
      var bytes = sound
      bytes[offset] ^= 0x10
      let path = try folder.write(bytes, to: "b.convnext")
      return try Verification(path: path).checks.flatMap(\.problems)
    }
    for (index, entry) in native.header.tensors.enumerated() {
      let start = native.dataOffset + entry.dataOffset
      let found = try problems(changing: start + index % entry.byteCount)
      #expect(found.map(\.rule) == ["tensor-digest"])
      #expect(found.first?.place.tensor == entry.info.name.string)
    }
    #expect(try problems(changing: 0).map(\.rule) == ["bad-magic"])
    #expect(try problems(changing: 8).map(\.rule) == ["unknown-version"])
    #expect(try problems(changing: 200).map(\.rule) == ["header-digest"])
  }

  @Test("a file that nearly begins like a .convnext file is taken for a damaged one")
  func nearlyNative() throws {
    let folder = try TemporaryFolder()
    for (text, rule) in [
      ("CONVNEXT", "too-short"), ("CONV", "too-short"), ("CONVNOXT", "bad-magic"),
      ("CANVNOXT", "bad-magic"), ("CANVNOXX", "unknown-file"), ("CONVX", "unknown-file"),
    ] {
      let path = try folder.write(text: text, to: "a")
      #expect(rules(try Verification(path: path)) == [rule], "\(text)")
    }
  }

  @Test("what cannot be opened is an error of the system")
  func missing() {
    #expect(failure(SystemError.self) { try Verification(path: "/nowhere") }?.operation == .open)
  }

  @Test(
    "what may be a number in a file's name, and anything in a folder's, is no digest",
    arguments: ["convnext_tiny-20221207.pth", "step-10000000.pth", "step-00000010.pth"])
  func noDigestInName(_ name: String) throws {
    let folder = try TemporaryFolder()
    let number = try Verification(path: folder.copy("names/timm.pth", to: name))
    #expect(number.isIntact)
    #expect(number.checks.last?.subject == "SHA-256 in the file's name")
    #expect(number.checks.last?.omission?.contains("may be a number") == true)
    let digest = try folder.copy("names/timm.pth", to: "convnext_tiny-2022130a.pth")
    #expect(try !Verification(path: digest).isIntact)
    let weights = try TemporaryFolder()
    try FileSystem.makeFolder(weights.path("model-00000000.d"))
    try weights.copy("folders/single/model.safetensors", to: "model-00000000.d/model.safetensors")
    #expect(try Verification(path: weights.path("model-00000000.d")).isIntact)
  }

  @Test("of several shards the broken one is named")
  func brokenShard() throws {
    let folder = try TemporaryFolder()
    for name in try FileSystem.names(in: Fixtures.path("folders/sharded")) {
      try folder.copy("folders/sharded/\(name)", to: name)
    }
    let shard = "model-00002-of-00003.safetensors"
    try folder.write(Array(folder.bytes(shard).dropLast()), to: shard)
    let problems = try Verification(path: folder.path).checks.flatMap(\.problems)
    #expect(problems.map(\.place.record) == [shard])
  }

  @Test(
    "what has no checksums is not called checked",
    arguments: ["names/timm.safetensors", "torch/legacy-timm.pth", "folders/sharded"])
  func omissions(_ file: String) throws {
    let path = Fixtures.path(file)
    let plain = try Verification(path: path)
    #expect(plain.isIntact)
    let last = try #require(plain.checks.last)
    #expect(last.subject == "contents" && last.omission?.contains("no checksums") == true)
    if file.hasPrefix("folders") { return }
    let digest = SHA256Digest(of: try Fixtures.bytes(file))
    let held = try Verification(
      path: path, expecting: .init(digest: digest, origin: .list(line: "the list")))
    #expect(held.checks.map(\.subject) == ["structure", "SHA-256 as in the list"])
    #expect(held.checks.allSatisfy { $0.omission == nil })
  }

  @Test("the digest of an index, or of a folder, covers no shard")
  func digestOfIndex() throws {
    let index = Fixtures.path("folders/sharded/model.safetensors.index.json")
    let digest = SHA256Digest(of: try FileMapping(path: index).region)
    let held = try Verification(path: index, expecting: .init(digest: digest))
    #expect(held.isIntact)
    #expect(held.checks.contains { $0.subject == "contents" && $0.omission != nil })
    let empty = SHA256Digest(of: "")
    let folder = try Verification(
      path: Fixtures.path("folders/sharded"), expecting: .init(digest: empty))
    #expect(rules(folder) == ["digest-of-several-files"])
  }

  /// A list names configurations and texts, too; and files that are nobody's business.
  @Test(
    "of what a list names, a file of another kind is held against its digest alone, unseen",
    arguments: ["hf_secret token\n", "{\"a\": 1}", ""])
  func otherKindsInList(_ text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text: text, to: "file")
    let right = try Verification(
      path: path, expecting: .init(digest: SHA256Digest(of: text), origin: .list(line: "the list")))
    #expect(right.isIntact)
    #expect(right.checks.first?.omission == "this is not a checkpoint")
    let wrong = try Verification(
      path: path,
      expecting: .init(digest: SHA256Digest(of: "other"), origin: .list(line: "the list")))
    #expect(rules(wrong) == ["checksum-mismatch"])
    #expect(!wrong.checks.flatMap(\.problems).contains { $0.message.contains("secret") })
    #expect(
      try !Verification(path: path, expecting: .init(digest: SHA256Digest(of: text))).isIntact)
  }

  @Test("files with checksums leave nothing out", arguments: ["names/timm.pth"])
  func nothingOmitted(_ file: String) throws {
    let verification = try Verification(path: Fixtures.path(file))
    #expect(verification.checks.allSatisfy { $0.omission == nil })
  }
}
