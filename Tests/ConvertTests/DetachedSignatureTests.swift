import ByteIO
import NativeFormat
import Signing
import TestSupport
import Testing

@testable import Convert

@Suite("Signatures")
struct DetachedSignatureTests {
  private let folder: TemporaryFolder
  private let signer: SigningKey
  private let key: VerificationKey

  init() throws {
    folder = try TemporaryFolder()
    signer = try SigningKey(pem: ByteRegion(copying: TestKeys.privateKey.utf8))
    key = try VerificationKey(pem: ByteRegion(copying: TestKeys.publicKey.utf8))
  }

  private func sign(_ path: String) throws {
    let signature = try DetachedSignature(of: path, key: signer)
    let name = FileSystem.name(of: DetachedSignature.path(for: path))
    try folder.write(signature.bytes, to: name)
  }

  /// What is wrong, by rules.
  private func rules(_ path: String, by key: VerificationKey? = nil) throws -> [String] {
    try Verification(path: path, signature: DetachedSignature.Check(key: key ?? self.key))
      .checks.flatMap(\.problems).map(\.rule)
  }

  private func nativeFile() throws -> String {
    let checkpoint = try Checkpoint(path: Fixtures.path("torch/protocol-2.pth"))
    let plan = try ConversionPlan(
      checkpoint, ConversionRequest(container: .convnext, tool: "tests"))
    let path = folder.path("a.convnext")
    _ = try plan.write(to: path, replacingExisting: false)
    return path
  }

  @Test("files of every kind are signed and verified")
  func kinds() throws {
    var paths = [try nativeFile()]
    for fixture in ["names/timm.pth", "names/timm.safetensors", "torch/legacy-timm.pth"] {
      paths.append(try folder.copy(fixture, to: FileSystem.name(of: fixture)))
    }
    for path in paths {
      try sign(path)
      #expect(try rules(path) == [], "\(path)")
    }
  }

  @Test("another key, and no signature")
  func wrongKey() throws {
    let path = try nativeFile()
    #expect(try rules(path) == ["signature-missing"])
    try sign(path)
    let other = try VerificationKey(pem: ByteRegion(copying: TestKeys.otherPublicKey.utf8))
    #expect(try rules(path, by: other) == ["signature-mismatch"])
    try folder.write([UInt8](repeating: 0, count: 63), to: "a.convnext.sig")
    #expect(try rules(path) == ["signature-mismatch"])
  }

  @Test("a change anywhere in a file makes it fail")
  func changes() throws {
    let path = try nativeFile()
    try sign(path)
    let sound = try folder.bytes("a.convnext")
    for offset in [0, 8, 40, 72, 128, 500, 16384, sound.count - 1] {
      var bytes = sound
      bytes[offset] ^= 1
      try folder.write(bytes, to: "a.convnext")
      #expect(try !rules(path).isEmpty, "byte \(offset)")
    }
    let safetensors = try folder.copy("names/timm.safetensors", to: "b.safetensors")
    try sign(safetensors)
    var bytes = try folder.bytes("b.safetensors")
    bytes[bytes.count - 1] ^= 1
    try folder.write(bytes, to: "b.safetensors")
    #expect(try rules(safetensors) == ["signature-mismatch"])
  }

  @Test("a header that was sealed anew, with its tensors' digests, is not the one that was signed")
  func resealed() throws {
    let path = try nativeFile()
    try sign(path)
    let other = try Checkpoint(path: Fixtures.path("torch/protocol-3.pth"))
    let request = ConversionRequest(container: .convnext, tool: "somebody else")
    _ = try ConversionPlan(other, request).write(to: path, replacingExisting: true)
    #expect(try Verification(path: path).isIntact)
    #expect(try rules(path) == ["signature-mismatch"])
  }

  @Test("a damaged file is not signed, and neither are several")
  func refused() throws {
    let path = try nativeFile()
    var bytes = try folder.bytes("a.convnext")
    bytes[bytes.count - 1] ^= 1
    try folder.write(bytes, to: "a.convnext")
    #expect(throws: VerificationError.notIntact) { try DetachedSignature(of: path, key: signer) }
    for several in ["folders/sharded", "folders/sharded/model.safetensors.index.json"] {
      #expect(throws: VerificationError.signatureOfSeveralFiles) {
        try DetachedSignature(of: Fixtures.path(several), key: signer)
      }
      #expect(throws: VerificationError.signatureOfSeveralFiles) {
        try rules(Fixtures.path(several))
      }
    }
  }

  @Test("a header beyond a limit is read where the limit was raised")
  func limits() throws {
    let path = try nativeFile()
    var options = Checkpoint.Options()
    options.limits.tensorCount = 3
    #expect(
      failure(NativeError.self) {
        try DetachedSignature(of: path, key: signer, options: options)
      }?.rule == "too-many-tensors")
    try sign(path)
    var narrow = Limits.standard
    narrow.rank = 1
    let check = DetachedSignature.Check(key: key)
    let region = try FileMapping(path: path).region
    #expect(
      failure(NativeError.self) {
        try DetachedSignature.problem(of: region, path: path, check, limits: narrow)
      }?.rule == "too-many-dimensions")
    #expect(
      try DetachedSignature.problem(of: region, path: path, check, limits: .standard) == nil)
  }
}
