import ByteIO
import TestSupport
import Testing

@testable import Convert

@Suite("ForeignFile")
struct ForeignFileTests {
  private static let names = [
    "foreign/model.onnx": "an ONNX model",
    "foreign/model.gguf": "a GGUF file",
    "foreign/model.h5": "an HDF5 file (Keras or TensorFlow)",
    "foreign/weights.npy": "a NumPy array file",
    "foreign/weights.npz": "a NumPy archive (.npz)",
    "foreign/model.pth.zst": "a zstd file",
    "foreign/model.pth.xz": "an xz file",
    "foreign/model.pth.bz2": "a bzip2 file",
    "foreign/model.mlmodel": "a Core ML model",
    "foreign/model.mlpackage.zip": "a zipped Core ML package",
    "foreign/saved_model.pb": "a TensorFlow SavedModel",
    "foreign/model.tflite": "a TensorFlow Lite file",
    "foreign/model.msgpack": "a MessagePack file (Flax)",
    "broken/gzip.pth": "a gzip file",
    "broken/seven-zip.pth": "a 7z file",
    "broken/png.pth": "a PNG image",
    "broken/lfs-pointer.pth": "a git-lfs pointer, not the file itself",
    "broken/lfs-pointer.safetensors": "a git-lfs pointer, not the file itself",
    "broken/page.pth": "an HTML or XML page",
    "broken/page.safetensors": "an HTML or XML page",
  ]

  @Test("files of other formats are named", arguments: names.sorted { $0.key < $1.key })
  func fixtures(_ file: String, _ name: String) throws {
    let foreign = try #require(ForeignFile(Fixtures.bytes(file)))
    #expect(foreign.name == name)
    #expect(!foreign.hint.isEmpty)
    let refusal = try #require(FixtureManifest.file(file).refused)
    #expect(foreign.isValid == (refusal.exit == 69))
    #expect(
      failure(InputError.self) { try Checkpoint(path: Fixtures.path(file)) }
        == .foreignFile(foreign))
  }

  @Test("no checkpoint is taken for another file", arguments: try FixtureManifest.checkpoints())
  func checkpoints(_ fixture: FixtureFile) throws {
    #expect(try ForeignFile(fixture.bytes()) == nil)
  }

  /// The start of a zip archive whose first member has this name.
  private static func zip(_ name: String, declaring count: Int? = nil) -> [UInt8] {
    let count = count ?? name.utf8.count
    return [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22)
      + [UInt8(count & 255), UInt8(count >> 8), 0, 0] + Array(name.utf8) + [0]
  }

  /// The first header of a tar archive whose first member has this name.
  private static func tar(_ name: String) -> [UInt8] {
    let head = Array(name.utf8)
    return head + [UInt8](repeating: 0, count: 257 - head.count) + Array("ustar".utf8)
      + [UInt8](repeating: 0, count: 250)
  }

  @Test("a tar archive is PyTorch's where its first member is", arguments: ["pickle", "sys_info"])
  func tars(_ member: String) {
    for (name, expected) in [
      (member, nil), ("\(member)/", "a tar archive"), ("x.pth", "a tar archive"),
    ] {
      let region = ByteRegion(copying: Self.tar(name))
      #expect(ForeignFile(tar: region)?.name == expected)
      #expect(
        FileSignature(of: region) == (ForeignFile(tar: region).map { .foreign($0) } ?? .torch))
    }
  }

  @Test(
    "first bytes that no fixture has",
    arguments: [
      (Array("Rar!".utf8), "a RAR file"),
      ([0xFF, 0xD8, 0xFF], "a JPEG image"),
      (Array("%PDF-1.4".utf8), "a PDF document"),
      ([0xEF, 0xBB, 0xBF] + Array("\r\n <!doctype html>".utf8), "an HTML or XML page"),
      (zip("metadata.json"), "a Keras model (.keras)"),
      (zip("config.json"), "a zip archive with a checkpoint in it"),
      (zip("model.weights.h5"), "a Keras model (.keras)"),
      (zip("[Content_Types].xml"), "an Office document"),
      (zip("a/data/weights/weight_0"), "a program of torch.export (.pt2)"),
      (zip("a/.data/0.storage"), "an archive of torch.package"),
      (zip("a/tiny.pth"), "a zip archive with a checkpoint in it"),
      (zip("a/Manifest.json"), "a zipped Core ML package"),
      ([0x08, 8, 0x3A, 1, 1], "an ONNX model"),
      ([0x08, 8, 0x12, 7] + Array("pytorch".utf8), "an ONNX model"),
      ([0x08, 4, 0x12, 0x80, 0x01, 0x0A], "a Core ML model"),
      ([0x81, 0xD9, 1, 0x61, 0x01], "a MessagePack file (Flax)"),
      ([0xDE, 0, 16, 0xA4, 0x6E], "a MessagePack file (Flax)"),
    ] as [([UInt8], String)])
  func bytes(_ bytes: [UInt8], _ name: String) {
    #expect(ForeignFile(ByteRegion(copying: bytes))?.name == name)
  }

  @Test(
    "an archive of torch.save that was packed anew may begin with any of its records",
    arguments: [
      "a/.data/serialization_id", "a/.data/version", "a/data/0", "a/byteorder", "a/version",
      "a/.format_version", "a/.storage_alignment", "a/data.pkl",
    ])
  func packedAnew(_ first: String) {
    #expect(ForeignFile(ByteRegion(copying: Self.zip(first))) == nil)
  }

  @Test(
    "bytes that are cut, or of nothing in particular",
    arguments: [
      [], [0x1F], [0x08, 1, 0x12], [0x08, 0x80, 0x12, 0, 0], [0x08, 1, 0x13, 0, 0],
      [0x08, 1, 0x12, 0xFF, 0xFF], [0x81, 0xA1], [0x81, 0x20, 0x20, 0, 0], [0xDE, 0, 16, 0x20, 0],
      zip("archive/data.pkl"), zip("archive/extra/mean.npy"), zip("archive/extra/w.h5"),
      zip("weights.npy", declaring: 99), zip("", declaring: 0),
      [UInt8](repeating: 0x20, count: 300) + Array("<html>".utf8),
    ] as [[UInt8]])
  func others(_ bytes: [UInt8]) {
    #expect(ForeignFile(ByteRegion(copying: bytes)) == nil)
  }

  @Test(
    "an HDF5 file behind other bytes is found where its readers look, and nowhere else",
    arguments: [
      (512, true), (1024, true), (65_536, true), (0, false), (511, false), (1000, false),
      (1536, false),
    ])
  func hiddenHDF5(offset: Int, isFound: Bool) {
    let signature = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]
    let region = ByteRegion(copying: [UInt8](repeating: 0, count: offset) + signature)
    #expect(ForeignFile.offsetOfHiddenHDF5(in: region) == (isFound ? offset : nil))
    let cut = ByteRegion(copying: Array(region.array.dropLast()))
    #expect(ForeignFile.offsetOfHiddenHDF5(in: cut) == nil)
  }
}
