import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("LegacyContainer")
struct LegacyContainerTests {
  static let data = floats(1, -2, 0.5, 3.25)
  static let magic: [UInt8] =
    [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    + PickleBytes.ascii(".")
  static let storage = PickleBytes.storage("9400", more: PickleBytes.none)

  static func record(_ data: [UInt8], count: Int = 4) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(count)
    return bytes + data
  }

  static func file(
    magic: [UInt8] = magic, version: [UInt8] = P.integer(1001), system: [UInt8] = P.dictionary([:]),
    object: [UInt8] = P.dictionary(["w": P.tensor(storage)]),
    keys: [UInt8] = P.list(P.text("9400")), data: [UInt8] = record(data)
  ) -> [UInt8] {
    magic + P.pickle(version) + P.pickle(system) + P.pickle(object) + P.pickle(keys) + data
  }

  private func failure(
    _ bytes: [UInt8], options: TorchReadingOptions = TorchReadingOptions()
  ) -> TorchError? {
    TorchFormatTests.failure { () throws(TorchError) in
      try TorchFile(ByteRegion(copying: bytes), options: options)
    }
  }

  @Test("pickles, keys and storages are read in their order")
  func reads() throws {
    let file = try TorchFile(ByteRegion(copying: Self.file()))
    #expect(file.container == .legacy)
    #expect(file.archiveName == nil)
    #expect(file.pickleProtocol == 2)
    #expect(try file.tensors.map { try $0.contiguousBytes().array } == [Self.data])
    #expect(try file.verifyRecords().isEmpty)
  }

  @Test("a frame that reaches beyond its pickle is refused: Python goes on behind it")
  func frameBeyondStop() {
    let hidden = P.pickle(P.dictionary([:]))
    func file(frameByteCount: Int) -> [UInt8] {
      var number: [UInt8] = [0x80, 4, 0x95]
      number.appendLittleEndian(UInt64(frameByteCount))
      return Self.magic + number + P.integer(1001) + P.ascii(".") + P.pickle(P.dictionary([:]))
        + P.pickle(P.dictionary(["w": P.tensor(Self.storage)])) + P.pickle(P.list(P.text("9400")))
        + Self.record(Self.data) + hidden
    }
    let count = P.integer(1001).count + 1
    #expect(failure(file(frameByteCount: count))?.reason == .trailingBytes(count: hidden.count))
    #expect(failure(file(frameByteCount: count + 1))?.reason == .frame)
    #expect(failure(file(frameByteCount: count + 40))?.reason == .frame)
  }

  @Test("a last storage that other programs take for an archive is refused")
  func archiveBehind() {
    // With a comment of one byte.
    let archive = Array(ZipBytes.archive(P.dictionary([:])).array.dropLast(2)) + [1, 0, 0]
    func file(_ data: [UInt8]) -> [UInt8] {
      let storage = P.storage("9400", count: data.count, kind: "ByteStorage", more: P.none)
      return Self.file(
        object: P.dictionary(["w": P.tensor(storage, shape: [data.count])]),
        data: Self.record(data, count: data.count))
    }
    #expect(failure(file(archive))?.reason == .hiddenArchive)
    #expect(failure(file(Array(archive.dropLast(23)))) == nil)
  }

  @Test("storages lie in the order of the list, not of their use")
  func order() throws {
    let object = P.dictionary([
      "a": P.tensor(P.storage("1", count: 1, more: P.none), shape: [1]),
      "b": P.tensor(P.storage("2", count: 1, more: P.none), shape: [1]),
    ])
    let bytes = Self.file(
      object: object, keys: P.list(P.text("2"), P.text("1")),
      data: Self.record(floats(7), count: 1) + Self.record(floats(9), count: 1))
    let file = try TorchFile(ByteRegion(copying: bytes))
    #expect(try file.tensors.map { try $0.contiguousBytes().array } == [floats(9), floats(7)])
  }

  @Test("a view of before 0.4 is a part of its storage")
  func views() throws {
    let view = P.tuple(P.text("77"), P.integer(1), P.integer(2))
    let object = P.dictionary(["v": P.tensor(P.storage("9400", more: view), shape: [2])])
    let file = try TorchFile(ByteRegion(copying: Self.file(object: object)))
    #expect(try file.tensors.map { try $0.contiguousBytes().array } == [floats(-2, 0.5)])
    let outside = P.tuple(P.text("77"), P.integer(3), P.integer(2))
    let error = failure(
      Self.file(object: P.dictionary(["v": P.tensor(P.storage("9400", more: outside))])))
    #expect(error?.reason == .persistentID(expected: "a view within its storage"))
    let malformed = failure(
      Self.file(object: P.dictionary(["v": P.tensor(P.storage("9400", more: P.yes))])))
    #expect(
      malformed?.reason == .persistentID(expected: "None, or the key, offset and count of a view"))
  }

  @Test("the magic number of protocol 1 is text")
  func textMagic() throws {
    let bytes = Self.file(magic: P.ascii("L119547037146038801333356L\n."))
    #expect(try TorchFile(ByteRegion(copying: bytes)).tensors.count == 1)
  }

  @Test("of a class with its source only the class counts, which is judged like any other")
  func modules() throws {
    func file(_ module: String) -> [UInt8] {
      Self.file(
        object: P.tuple(
          P.text("module"), P.global(module, "Linear"), P.text("x.py"),
          P.text("class Linear: pass")) + P.ascii("Q)") + [0x81]
          + P.dictionary(["weight": P.tensor(Self.storage)]) + P.ascii("b"))
    }
    let known = ByteRegion(copying: file("torch.nn.modules.linear"))
    #expect(try TorchFile(known).tensors.map(\.name.string) == ["weight"])
    #expect(TorchScan(known).failure == nil)
    #expect(failure(file("mymodels.net"))?.rule == "pickle-global")
    let skipping = try TorchFile(
      ByteRegion(copying: file("mymodels.net")),
      options: TorchReadingOptions(skipsUnknownGlobals: true))
    #expect(skipping.tensors.map(\.name.string) == ["weight"])
  }

  static let start = magic.count
  static let refusals: [(bytes: [UInt8], reason: TorchError.Reason)] = [
    (file(magic: [0x80, 2, 0x8A, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] + P.ascii(".")), .legacyMagic),
    (file(magic: P.pickle(P.list(P.integer(1)))), .barePickle),
    (file(version: P.integer(1002)), .legacyVersion(found: "1002")),
    (file(version: P.none), .legacyVersion(found: "None")),
    (
      file(system: P.none),
      .legacyPart(.systemInfo, expected: "a dictionary, found None")
    ),
    (file(keys: P.none), .legacyPart(.keys, expected: "a list, found None")),
    (
      file(keys: P.list(P.none)), .legacyPart(.keys, expected: "texts, found None")
    ),
    (
      file(object: P.dictionary(["w": P.tensor()])),
      .persistentID(expected: "6 parts, found 5")
    ),
    (
      file(system: P.storage()),
      .persistentID(expected: "no persistent ids in this pickle")
    ),
    (file(keys: P.list(), data: []), .storageMissing(key: "9400")),
    (file(keys: P.list(P.text("9400"), P.text("9400"))), .legacyKey("9400")),
    (file(keys: P.list(P.text("1"), P.text("9400"))), .legacyKey("1")),
    (
      file(data: record(data + floats(0), count: 5)),
      .storageByteCount(key: "9400", declared: 16, found: 20)
    ),
    (
      file(data: record(data, count: -1)),
      .storageByteCount(key: "9400", declared: 16, found: -4)
    ),
    (
      file(data: record(data, count: 1 << 62)),
      .storageByteCount(key: "9400", declared: 16, found: .max)
    ),
    (file(data: [1, 2, 3]), .storageTruncated(key: "9400", needed: 8, available: 3)),
    (
      file(data: record(Array(data.dropLast(4)))),
      .storageTruncated(key: "9400", needed: 16, available: 12)
    ),
    (file(data: record(data) + [1, 2]), .trailingBytes(count: 2)),
  ]

  @Test("parts that do not fit are refused", arguments: refusals)
  func refuses(_ row: (bytes: [UInt8], reason: TorchError.Reason)) {
    #expect(failure(row.bytes)?.reason == row.reason)
  }

  @Test("a key without a storage is an error of the list that it is in")
  func keyOffset() throws {
    let keys = P.list(P.text("1"), P.text("9400"))
    let file = Self.file(keys: keys)
    let offset = try #require(
      file.indices.first { file[$0...].starts(with: keys) }, "the list is in the file")
    // Of the pickle that it is, which begins with PROTO and its version.
    #expect(failure(file)?.place.byteOffset == offset - 2)
  }

  @Test("pickles that are no checkpoints are refused, with a dangerous global named")
  func barePickles() {
    let system = P.call(P.global("os", "system"), P.text("true"))
    for bytes in [P.pickle(system), P.ascii("cos\nsystem\n(S'true'\ntR.")] {
      guard case .globalRefused(let use)? = failure(bytes)?.reason else {
        Issue.record("not refused for its global")
        continue
      }
      #expect(use.qualifiedName == "os.system")
      #expect(use.verdict == .dangerous)
    }
    #expect(failure(P.pickle(P.list())) == TorchError(.barePickle, offset: 0))
    #expect(failure(P.ascii("(t.")) == TorchError(.barePickle, offset: 0))
  }

  @Test("other containers are told apart")
  func otherContainers() {
    var tar = [UInt8](repeating: 0, count: 512)
    tar.replaceSubrange(257..<262, with: P.ascii("ustar"))
    #expect(failure(tar) == TorchError(.tarContainer, offset: 0))
    #expect(failure(P.ascii("PYTORCH1....")) == TorchError(.previewContainer, offset: 0))
    #expect(failure(P.ascii("hello")) == TorchError(.unrecognized, offset: 0))
    #expect(failure([]) == TorchError(.unrecognized, offset: 0))
    #expect(TorchFile.looksLikeTorch(ByteRegion(copying: tar)))
    #expect(TorchFile.looksLikeTorch(ByteRegion(copying: Self.file())))
    #expect(!TorchFile.looksLikeTorch(ByteRegion(copying: P.ascii("hello"))))
  }
}
