import Convert
import Synchronization
import TensorModel
import TestSupport
import Testing
import TorchFormat

@testable import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("PickleScan")
struct PickleScanTests {
  private static func files() -> [FixtureFile] {
    ((try? FixtureManifest.files()) ?? []).filter { $0.container.hasPrefix("pytorch") }
  }

  @Test("a file is clean just when it opens", arguments: files())
  func agreesWithOpening(_ fixture: FixtureFile) throws {
    let scan = try PickleScan(path: fixture.path)
    let opens: Bool
    do {
      _ = try Checkpoint(path: fixture.path)
      opens = true
    } catch { opens = false }
    #expect(scan.isClean == opens)
  }

  @Test(
    "every global that a hostile fixture asks for is named",
    arguments: files().filter { $0.refused?.globals.isEmpty == false })
  func namesGlobals(_ fixture: FixtureFile) throws {
    let names = try PickleScan(path: fixture.path).globals.map(\.qualifiedName)
    let globals = try #require(fixture.refused).globals
    for global in globals { #expect(names.contains(global)) }
  }

  @Test("a file without pickles is clean when it is sound, and says why when it is not")
  func scansOtherFiles() throws {
    #expect(try PickleScan(path: Fixtures.path("names/timm.safetensors")).isClean)
    let gap = try PickleScan(path: Fixtures.path("broken/gap.safetensors"))
    #expect(!gap.isClean)
    #expect(gap.globals.isEmpty)
    #expect(gap.failure?.category == .invalidInput)
  }

  @Test("bytes in memory are scanned and opened as a file is, and lead to no other file")
  func bytes() throws {
    for name in ["names/timm.pth", "broken/call-os-system.pth", "names/timm.safetensors"] {
      let bytes = try Fixtures.bytes(name)
      let scan = try PickleScan(bytes: bytes, name: name)
      let file = try PickleScan(path: Fixtures.path(name))
      #expect(scan.globals == file.globals && scan.calls == file.calls)
      #expect(scan.isClean == file.isClean && scan.path == name)
    }
    let model = try Checkpoint(bytes: Fixtures.bytes("names/timm.pth"), name: "x.pth")
    let file = try Checkpoint(path: Fixtures.path("names/timm.pth"))
    #expect(model.path == "x.pth" && model.tensors.map(\.info) == file.tensors.map(\.info))
    let index = try Fixtures.bytes("folders/sharded/model.safetensors.index.json")
    let path = Fixtures.path("folders/sharded/model.safetensors.index.json")
    #expect(throws: InputError.unexpectedJSON) { try Checkpoint(bytes: index, name: path) }
    #expect(try PickleScan(bytes: index, name: path).failure as? InputError == .unexpectedJSON)
  }

  /// As many levels as the limit allows, on the stack that Apple's systems give a thread.
  @Test("the deepest file that is read needs no more stack than the smallest there is")
  func smallStack() async throws {
    let depth = Limits.standard.pickleDepth - 2
    let value =
      Array(repeatElement(UInt8(ascii: "]"), count: depth))
      + Array(repeatElement(UInt8(ascii: "a"), count: depth - 1))
    let pickle =
      [0x80, 2] + Array("}X".utf8) + [1, 0, 0, 0] + Array("x".utf8) + value + Array("s.".utf8)
    let bytes = ByteRegion(copying: legacyFile(pickle))
    let opened = Lock(false)
    let thread = try #require(
      SystemThread.start(stackByteCount: 512 << 10) {
        guard let scan = try? PickleScan(bytes: bytes, name: "a.pth"), scan.isClean,
          let checkpoint = try? Checkpoint(bytes: bytes, name: "a.pth"),
          ExtraContent(checkpoint).tree != nil
        else { return }
        opened.withLock { $0 = true }
      })
    thread.join()
    #expect(opened.withLock { $0 })
  }

  @Test("the manifests have PyTorch files to scan")
  func hasFixtures() {
    #expect(Self.files().count > 100)
  }

  @Test("a folder's files are scanned wherever they lie below it, with a model or without")
  func below() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    for name in ["onnx", "onnx/deep"] { try FileSystem.makeFolder(folder.path(name)) }
    try folder.copy("broken/call-os-system.pth", to: "onnx/deep/pytorch_model.bin")
    folder.link("round", to: ".")
    let hostile = folder.path("onnx/deep/pytorch_model.bin")
    let scans = try PickleScan.scans(ofPath: folder.path)
    #expect(scans.map(\.path) == [folder.path("model.safetensors"), hostile])
    #expect(scans.map(\.isClean) == [true, false])
    #expect(try PickleScan.scans(ofPath: folder.path("onnx")).map(\.path) == [hostile])
    folder.link("onnx/out.pkl", to: "../model.safetensors")
    #expect(try PickleScan.scans(ofPath: folder.path).count == 3)
    // A program would find what lies elsewhere under the links' names.
    let outside = try PickleScan.scans(ofPath: folder.path("onnx"))
    #expect(outside.map(\.path) == [hostile, folder.path("onnx/out.pkl")])
    #expect(outside[1].failure?.rule == "link-outside-folder")
    let elsewhere = try TemporaryFolder()
    folder.link("elsewhere", to: elsewhere.path)
    let withLink = try PickleScan.scans(ofPath: folder.path)
    #expect(withLink.last?.path == folder.path("elsewhere"))
    #expect(withLink.last?.isClean == false)
  }

  @Test("pipes, and links to devices, are listed under names that programs load")
  func devices() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    folder.makePipe("a.pth")
    folder.makePipe("notes")
    folder.link("z.bin", to: "/dev/null")
    let scans = try PickleScan.scans(ofPath: folder.path)
    #expect(scans.map(\.path) == ["model.safetensors", "a.pth", "z.bin"].map { folder.path($0) })
    #expect(scans.map(\.isClean) == [true, false, false])
    #expect(scans.map { $0.failure?.rule } == [nil, "open-failed", "link-outside-folder"])
  }

  @Test("what lies deeper than the system has paths for is not passed over")
  func deepFolders() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    let name = String(repeating: "d", count: 200)
    var descriptors = [open(folder.path, O_RDONLY | O_DIRECTORY)]
    for _ in 0..<22 {
      mkdirat(descriptors[descriptors.count - 1], name, 0o777)
      descriptors.append(
        openat(descriptors[descriptors.count - 1], name, O_RDONLY | O_DIRECTORY))
    }
    defer {
      for descriptor in descriptors.reversed() {
        // The last one has no such folder, which does no harm.
        unlinkat(descriptor, name, AT_REMOVEDIR)
        close(descriptor)
      }
    }
    #expect(descriptors.allSatisfy { $0 >= 0 })
    let error = #expect(throws: SystemError.self) { try PickleScan.scans(ofPath: folder.path) }
    #expect(error?.errorNumber == ENAMETOOLONG)
    // What can be read is scanned all the same.
    let hostile = try folder.copy("broken/call-os-system.pth", to: "z.pkl")
    var unreadable: [any CheckpointError] = []
    let scans = try PickleScan.scans(ofPath: folder.path) { unreadable.append($0) }
    #expect(scans.map(\.path) == [folder.path("model.safetensors"), hostile])
    #expect(scans.map(\.isClean) == [true, false])
    #expect(unreadable.map { ($0 as? SystemError)?.errorNumber } == [ENAMETOOLONG])
    let result = try ProcessResult(
      running: [try BuiltProduct.path("convnext"), "scan", folder.path])
    #expect(result.status == 66)
    #expect(result.output.contains("z.pkl: NOT CLEAN"))
  }

  @Test("an index is listed with its shards, and a folder by its weights")
  func shards() throws {
    let folder = try TemporaryFolder()
    let harmless = try folder.write(
      Fixtures.bytes("names/timm.pth").array, to: "pytorch_model-00001-of-00002.bin")
    let hostile = try folder.write(
      Fixtures.bytes("broken/call-os-system.pth").array, to: "pytorch_model-00002-of-00002.bin")
    let index = try folder.write(
      """
      {"weight_map": {"stem.0.weight": "pytorch_model-00001-of-00002.bin",
      "x": "pytorch_model-00002-of-00002.bin"}}
      """.utf8, to: "pytorch_model.bin.index.json")
    for path in [index, folder.path] {
      let scans = try PickleScan.scans(ofPath: path)
      #expect(scans.map(\.path) == [index, harmless, hostile])
      #expect(scans.map(\.isClean) == [false, true, false])
      #expect(scans[2].globals.map(\.qualifiedName).contains("os.system"))
    }
    #expect(try PickleScan.scans(ofPath: harmless).map(\.isClean) == [true])
    let empty = try TemporaryFolder()
    #expect(throws: InputError.noCheckpointInFolder(found: [])) {
      try PickleScan.scans(ofPath: empty.path)
    }
  }

  @Test(
    "a configuration that cannot be read hides no pickle",
    arguments: ["config.json", "preprocessor_config.json"])
  func brokenConfiguration(name: String) throws {
    let folder = try TemporaryFolder()
    let hostile = try folder.copy("broken/call-os-system.pth", to: "pytorch_model.bin")
    _ = try folder.write("{".utf8, to: name)
    let scans = try PickleScan.scans(ofPath: folder.path)
    #expect(scans.map(\.path) == [hostile, folder.path])
    #expect(scans[0].globals.map(\.qualifiedName).contains("os.system"))
    #expect(scans[1].failure?.rule == "invalid-config")
    #expect(scans.allSatisfy { !$0.isClean })
  }

  @Test(
    "an archive behind JSON is looked through, with a comment or without",
    arguments: ["", "a comment"])
  func archiveBehindJSON(comment: String) throws {
    let folder = try TemporaryFolder()
    let prefix = Array(#"{"weight_map":{}}"#.utf8)
    var bytes = prefix + (try Fixtures.bytes("broken/call-os-system.pth").array)
    bytes[bytes.count - 2] = UInt8(comment.utf8.count)
    let path = try folder.write(bytes + Array(comment.utf8), to: "a.index.json")
    let scan = try PickleScan(path: path)
    #expect(!scan.isClean)
    #expect(scan.globals.contains { $0.globalName.name == "system" })
  }

  @Test(
    "a file that is also one of HDF5 is refused by the scan and by reading",
    arguments: ["names/timm.safetensors", "names/timm.pth", "torch/legacy-timm.pth"])
  func hiddenHDF5(name: String) throws {
    // Among the elements.
    let offset = 16_384
    var bytes = try Fixtures.bytes(name).array
    bytes.replaceSubrange(
      offset..<(offset + 8), with: [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A])
    let region = ByteRegion(copying: bytes)
    let expected = InputError.hiddenHDF5(byteOffset: offset)
    #expect(failure(InputError.self) { try Checkpoint(bytes: region, name: "x") } == expected)
    let scan = try PickleScan(bytes: region, name: "x")
    #expect(!scan.isClean && scan.failure as? InputError == expected)
  }

  @Test("what begins like another kind of file is looked through, too")
  func foreignFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Array("GGUF".utf8) + Fixtures.bytes("broken/call-os-system.pth").array, to: "x.gguf")
    let scan = try PickleScan(path: path)
    #expect(!scan.isClean)
    #expect(!scan.globals.filter { $0.verdict == .dangerous }.isEmpty)
    #expect(scan.failure?.category == .unsupported)
  }

  /// A safetensors file whose header of 0x1C43 bytes is, read as opcodes, a chain of SHORT_BINBYTES
  /// that ends where the data begins.
  private func polyglot(_ data: [UInt8]) -> [UInt8] {
    let head = #"{"__metadata__":{"x":""#
    let tail =
      #""},"w":{"dtype":"U8","shape":[\#(data.count)],"data_offsets":[0,\#(data.count)]}}"#
    func hop(_ length: Character, _ count: Int) -> String {
      "C\(length)" + String(repeating: "A", count: count)
    }
    let header =
      head + String(repeating: hop("~", 126), count: 55) + hop("+", 43)
      + hop("~", 126 - tail.utf8.count) + tail
    return [0x43, 0x1C, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + data
  }

  @Test("a sound safetensors file that is a pickle as well is refused where the pickle does harm")
  func safetensorsPickle() throws {
    let folder = try TemporaryFolder()
    let call =
      Array("cposix\nsystem\nX\u{2}".utf8) + [0, 0, 0, 0x69, 0x64, 0x85] + Array("R.".utf8)
    let harmful = try folder.write(polyglot(call), to: "a.safetensors")
    let scan = try PickleScan(path: harmful)
    #expect(scan.calls.map(\.global.qualifiedName) == ["posix.system"])
    #expect(scan.failure?.rule == "pickle-global")
    #expect(failure(TorchError.self) { try Checkpoint(path: harmful) }?.rule == "pickle-global")
    let harmless = try folder.write(polyglot([0x2E]), to: "b.safetensors")
    #expect(try PickleScan(path: harmless).isClean)
    #expect(try Checkpoint(path: harmless).tensors.count == 1)
  }

  @Test("what begins like a .convnext file and is a pickle is listed")
  func nativePickle() throws {
    let folder = try TemporaryFolder()
    // As opcodes, the first two letters pass over 79 bytes.
    let start = Array("CONVNEXT".utf8) + [UInt8](repeating: 0x41, count: 73)
    let call =
      Array("cposix\nsystem\nX\u{2}".utf8) + [0, 0, 0, 0x69, 0x64, 0x85] + Array("R.".utf8)
    let scan = try PickleScan(path: folder.write(start + call, to: "a.convnext"))
    #expect(scan.calls.map(\.global.qualifiedName) == ["posix.system"])
    #expect(!scan.isClean)
  }

  @Test("a sound file of another format that Python takes for a tar archive is refused")
  func safetensorsTar() throws {
    let folder = try TemporaryFolder()
    var bytes = polyglot([0x2E])
    bytes.replaceSubrange(124..<136, with: Array("00000000000 ".utf8))
    bytes.replaceSubrange(148..<156, with: Array("        ".utf8))
    let sum = String(bytes.prefix(512).reduce(0) { $0 + Int($1) }, radix: 8)
    let before = try folder.write(bytes, to: "a.safetensors")
    #expect(try PickleScan(path: before).isClean)
    bytes.replaceSubrange(148..<148 + sum.utf8.count, with: Array(sum.utf8))
    let path = try folder.write(bytes, to: "b.safetensors")
    #expect(try !PickleScan(path: path).isClean)
    #expect(failure(InputError.self) { try Checkpoint(path: path) }?.rule == "foreign-file")
  }

  @Test("a sound file of another format with an archive at its end is refused, and listed")
  func archiveBehind() throws {
    let folder = try TemporaryFolder()
    let archive = try Fixtures.bytes("broken/call-os-system.pth").array
    let path = try folder.write(safetensors(archive), to: "a.safetensors")
    let scan = try PickleScan(path: path)
    #expect(scan.failure?.rule == "zip-hidden")
    #expect(scan.calls.map(\.global.qualifiedName).contains("os.system"))
    #expect(failure(TorchError.self) { try Checkpoint(path: path) }?.rule == "zip-hidden")
    // Without its end record, the archive is bytes like others.
    let rest = try folder.write(safetensors(archive.dropLast(22)), to: "b.safetensors")
    #expect(try PickleScan(path: rest).isClean)
  }

  /// A safetensors file with one tensor, of these bytes.
  private func safetensors(_ data: some Collection<UInt8>) -> [UInt8] {
    let header = #"{"w":{"dtype":"U8","shape":[\#(data.count)],"data_offsets":[0,\#(data.count)]}}"#
    return [UInt8(header.utf8.count)] + [UInt8](repeating: 0, count: 7) + Array(header.utf8) + data
  }

  @Test("a missing file cannot be scanned")
  func missingFile() {
    #expect(throws: SystemError.self) { try PickleScan(path: Fixtures.path("no-such-file")) }
  }

  @Test("a pickle that begins and ends like nothing in particular is listed, and not clean")
  func textOpcodes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("cos\nsystem\n(S'id'\ntR".utf8, to: "x.bin")
    let scan = try PickleScan(path: path)
    #expect(!scan.isClean)
    #expect(scan.calls.map(\.global.qualifiedName) == ["os.system"])
    #expect(scan.failure?.category == .invalidInput)
  }

  @Test("a folder's other pickles are scanned behind its weights")
  func otherPickles() throws {
    let folder = try TemporaryFolder()
    let weights = try folder.copy("names/timm.safetensors", to: "model.safetensors")
    let hostile = try folder.copy("broken/call-os-system.pth", to: "pytorch_model.bin")
    try folder.write(text: "cos\nsystem\n.", to: "readme.txt")
    let scans = try PickleScan.scans(ofPath: folder.path)
    #expect(scans.map(\.path) == [weights, hostile])
    #expect(scans.map(\.isClean) == [true, false])
  }
}
