import ByteIO
import Synchronization
import TensorModel
import TestSupport
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("ZipArchive")
struct ZipArchiveTests {
  static let data = floats(1, -2, 0.5, 3.25)
  static let pickle = P.pickle(P.dictionary(["w": P.tensor()]))
  static let members = ZipBytes.members(pickle, storages: ["0": data])

  private func failure(_ members: [ZipBytes.Member]) -> TorchError? {
    TorchFormatTests.failure { () throws(TorchError) in
      try TorchFile(ZipBytes.archive(members))
    }
  }

  @Test("members are found by their exact names, in the directory's order")
  func entries() throws {
    let archive = try ZipArchive(ZipBytes.archive(Self.members), limits: .standard)
    #expect(archive.folder == "a")
    #expect(archive.entries.map(\.name) == ["a/data.pkl", "a/byteorder", "a/data/0", "a/version"])
    #expect(try archive.storage("data/0")?.bytes().array == Self.data)
    #expect(archive.storage("DATA/0") == nil)
    #expect(archive.storage("data/1") == nil)
  }

  @Test("a folder with dots and other letters is a folder")
  func folderName() throws {
    var members = Self.members
    for index in members.indices {
      members[index].name = "modèle v1.2" + members[index].name.dropFirst()
    }
    #expect(try TorchFile(ZipBytes.archive(members)).archiveName == "modèle v1.2")
  }

  @Test("checksums are compared when bytes are asked for, and listed for all records")
  func checksums() throws {
    var members = Self.members
    members[2].checksum = 0x1234_5678
    members[3].checksum = 0
    let file = try TorchFile(ZipBytes.archive(members))
    let computed = checksum(of: ByteRegion(copying: Self.data))
    let error = #expect(throws: TorchError.self) { try file.tensors[0].contiguousBytes() }
    #expect(error?.reason == .zipChecksum(declared: 0x1234_5678, computed: computed))
    #expect(error?.place.record == "a/data/0")
    #expect(
      try file.verifyRecords().map(\.status) == [
        .matches, .matches, .mismatch(declared: 0x1234_5678, computed: computed), .notComputed,
      ])
    #expect(try file.verifyRecords().map(\.byteCount) == [Self.pickle.count, 6, 16, 2])
  }

  @Test("deflated records are inflated when asked for, once for several readers")
  func deflated() throws {
    var members = Self.members
    members[2].method = 8
    members[2].raw = ZipBytes.deflateStream(Self.data)
    let file = try TorchFile(ZipBytes.archive(members))
    let storage = file.tensors[0].storage
    let first = try storage.bytes()
    #expect(first.array == Self.data)
    let address = first.withUnsafeBytes { $0.baseAddress }
    #expect(try storage.bytes().withUnsafeBytes { $0.baseAddress } == address)
    #expect(try file.verifyRecords().allSatisfy { $0.status == .matches })
  }

  static let streams: [(raw: [UInt8], byteCount: Int, problem: TorchError.DeflateProblem)] = [
    ([0xFF, 0xFF, 0xFF], 16, .malformed),
    (Array(ZipBytes.deflateStream(data).dropLast(4)), 16, .malformed),
    (ZipBytes.deflateStream(data) + [1, 2], 16, .trailingBytes(count: 2)),
    (ZipBytes.deflateStream(data + [1]), 16, .tooLong(declared: 16)),
    (ZipBytes.deflateStream(Array(data.dropLast())), 16, .tooShort(declared: 16, found: 15)),
  ]

  @Test("deflate streams have to be whole and of the declared length", arguments: streams)
  func brokenStreams(
    _ row: (raw: [UInt8], byteCount: Int, problem: TorchError.DeflateProblem)
  ) throws {
    var members = Self.members
    members[2].method = 8
    members[2].raw = row.raw
    members[2].byteCount = row.byteCount
    let file = try TorchFile(ZipBytes.archive(members))
    let error = #expect(throws: TorchError.self) { try file.tensors[0].contiguousBytes() }
    #expect(error?.reason == .zipDeflate(row.problem))
    #expect(throws: TorchError.self) { try file.verifyRecords() }
  }

  @Test("what PyTorch needs has to be there and to make sense")
  func records() {
    var members = Self.members
    members[3].data = P.ascii("0\n")
    #expect(failure(members) == TorchError(.archiveVersion(found: "0\n"), record: "a/version"))
    members[3].data = P.ascii("11\n")
    #expect(
      failure(members)
        == TorchError(.archiveVersionTooNew(found: 11, newest: 10), record: "a/version"))
    members[3].data = [UInt8](repeating: 0x31, count: 100)
    #expect(
      failure(members)
        == TorchError(.recordByteCount(count: 100, limit: 64), record: "a/version"))
    members[3] = ZipBytes.Member("a/.data/version", P.ascii("6\n"))
    #expect(failure(members) == nil)
    members[1].data = P.ascii("middle")
    #expect(failure(members) == TorchError(.byteOrder(found: "middle"), record: "a/byteorder"))
    members.remove(at: 1)
    #expect(failure(members) == nil)
    members.remove(at: 0)
    #expect(failure(members) == TorchError(.recordMissing, record: "a/data.pkl"))
    #expect(
      failure([ZipBytes.Member("mimetype", [])])
        == TorchError(.notACheckpoint(found: "a zip archive")))
  }

  @Test("bytes behind the pickle's end are refused")
  func trailingPickle() {
    var members = Self.members
    members[0].data += P.ascii("more")
    #expect(
      failure(members)
        == TorchError(
          .pickleTrailingBytes(count: 4), record: "a/data.pkl", offset: Self.pickle.count))
  }

  static let names: [(name: String, problem: TorchError.ZipNameProblem)] = [
    ("a/../b", .dotComponent), ("a/./b", .dotComponent), ("/etc/passwd", .absolute),
    ("a//b", .emptyComponent), ("a\\b", .backslash), ("a/\u{7}", .controlCharacter),
    ("a/\u{0}x", .controlCharacter), ("", .empty),
  ]

  @Test("names have an end, and an error does not show a longer one")
  func longNames() throws {
    let name = "a/" + String(repeating: "x", count: 1022)
    _ = try ZipArchive(
      ZipBytes.archive(Self.members + [ZipBytes.Member(name, [1])]), limits: .standard)
    let error = failure(Self.members + [ZipBytes.Member(name + "x", [1])])
    #expect(error?.reason == .zipName(.tooLong(limit: 1024)))
    #expect(error?.place.record == nil)
  }

  @Test("names have to be plain relative paths", arguments: names)
  func badNames(_ row: (name: String, problem: TorchError.ZipNameProblem)) {
    let error = failure(Self.members + [ZipBytes.Member(row.name, [1])])
    #expect(error?.reason == .zipName(row.problem))
    #expect(error?.place.record == row.name)
  }

  @Test("all members lie in one folder")
  func folders() {
    let other = failure(Self.members + [ZipBytes.Member("b/data.pkl", [1])])
    #expect(other?.reason == .zipName(.otherFolder(expected: "a")))
    let none = failure(Self.members + [ZipBytes.Member("data.pkl", [1])])
    #expect(none?.reason == .zipName(.noFolder))
    #expect(failure(Self.members + [ZipBytes.Member("a/code/", [])]) == nil)
  }

  @Test("two members cannot have one name, whatever the case")
  func duplicates() {
    #expect(
      failure(Self.members + [ZipBytes.Member("a/data/0", Self.data)])?.reason
        == .zipDuplicate(other: "a/data/0"))
    #expect(
      failure(Self.members + [ZipBytes.Member("a/DATA.PKL", Self.pickle)])?.reason
        == .zipDuplicate(other: "a/data.pkl"))
  }

  @Test("limits hold for the members and what they inflate to")
  func limits() {
    var limits = Limits()
    limits.zipEntryCount = 3
    func failure(_ members: [ZipBytes.Member]) -> TorchError.Reason? {
      TorchFormatTests.failure { () throws(TorchError) in
        try TorchFile(ZipBytes.archive(members), options: TorchReadingOptions(limits: limits))
      }?.reason
    }
    #expect(failure(Self.members) == .zipEntryCount(count: 4, limit: 3))
    limits = Limits()
    limits.inflatedByteCount = 10
    var members = Self.members
    members[2].method = 8
    members[2].raw = ZipBytes.deflateStream(Self.data)
    #expect(failure(members) == .zipInflatedByteCount(count: 16, limit: 10))
    limits = Limits()
    limits.pickleByteCount = 10
    #expect(
      failure(Self.members) == .recordByteCount(count: Self.pickle.count, limit: 10))
  }

  @Test("CRC-32 is that of zip archives")
  func crc() {
    #expect(checksum(of: ByteRegion(copying: P.ascii("123456789"))) == 0xCBF4_3926)
    #expect(checksum(of: .empty) == 0)
  }

  @Test(
    "an end record in the comment is refused, whatever the length of its own comment",
    arguments: [0, 1, 9])
  func endInComment(behindCount: Int) {
    let outer = ZipBytes.archive(P.dictionary([:])).array
    let inner =
      ZipBytes.archive(P.dictionary(["x": P.none])).array
      + [UInt8](repeating: 7, count: behindCount)
    var bytes = Array(outer.dropLast(2))
    bytes.appendLittleEndian(UInt16(inner.count))
    let region = ByteRegion(copying: bytes + inner)
    let error = TorchFormatTests.failure { () throws(TorchError) in try TorchFile(region) }
    #expect(error?.reason == .zipCommentAmbiguous)
  }

  @Test("an archive is on one disk, neither on none nor on several", arguments: [0, 2])
  func diskCount(count: UInt8) throws {
    var bytes = try Fixtures.bytes("torch/protocol-2.pth").array
    let locator = try #require(bytes.firstRange(of: Array("PK\u{6}\u{7}".utf8))).lowerBound
    #expect(bytes[locator + 16] == 1)
    bytes[locator + 16] = count
    let region = ByteRegion(copying: bytes)
    let error = TorchFormatTests.failure { () throws(TorchError) in try TorchFile(region) }
    #expect(error?.reason == .zipDirectory(.diskNumber, expected: 0, found: 0))
    #expect(error?.category == .invalidInput)
  }

  @Test("one header alone that asks for what is not supported is damaged")
  func damagedFeatures() throws {
    let sound = try Fixtures.bytes("torch/protocol-2.pth").array
    let central = try #require(sound.firstRange(of: Array("PK\u{1}\u{2}".utf8))).lowerBound
    let end = try #require(sound.firstRange(of: Array("PK\u{5}\u{6}".utf8))).lowerBound
    // Flags, method, disk; disk, the directory's disk, members on this disk.
    for offset in [8, 10, 34].map({ central + $0 }) + [4, 6, 8].map({ end + $0 }) {
      var bytes = sound
      bytes[offset] ^= 1
      let region = ByteRegion(copying: bytes)
      let error = TorchFormatTests.failure { () throws(TorchError) in try TorchFile(region) }
      #expect(error?.category == .invalidInput, "byte \(offset): \(error?.message ?? "none")")
    }
  }

  @Test("a member that is marked as a folder is refused, unless it is one by its name")
  func folderAttribute() throws {
    var members = ZipBytes.members(
      P.pickle(P.dictionary(["w": P.tensor()])), storages: ["0": floats(1, 2, 3, 4)])
    var folder = ZipBytes.Member("a/data/", [])
    folder.attributes = 0x10
    members.append(folder)
    #expect(failure(members) == nil)
    for index in members.indices.dropLast() {
      var changed = members
      changed[index].attributes = 0x10
      #expect(failure(changed)?.reason == .zipName(.folderAttribute))
    }
  }

  @Test("a record that no system has the memory for is refused")
  func noMemory() {
    let stream = ByteRegion(copying: ZipBytes.deflateStream([1, 2, 3]))
    #expect(throws: TorchError.DeflateProblem.noMemory) {
      try inflate(stream, byteCount: .max / 2)
    }
  }

  /// PyTorch finds records without regard to case, other readers do not.
  @Test(
    "a record that PyTorch looks for has small letters",
    arguments: [
      ("a/ByteOrder", "byteorder"), ("a/VERSION", "version"), ("a/.DATA/version", ".data/version"),
      ("a/CODE/__torch__.py", "code/"), ("a/Constants.pkl", "constants.pkl"),
      ("a/Data/7", "data/"), ("a/Bytecode.pkl", "bytecode.pkl"), ("a/Constants/0", "constants/"),
    ])
  func spelling(_ name: String, _ expected: String) {
    // Without the records that these stand for: two of one name are refused anyway.
    let folded = ZipNames.folded(name)
    let members = Self.members.filter { $0.name != folded } + [ZipBytes.Member(name, [1])]
    let error = failure(members)
    #expect(error?.reason == .zipName(.otherCase(expected: expected)))
    #expect(error?.place.record == name)
    #expect(failure(Self.members + [ZipBytes.Member("a/data/Key", [1])]) == nil)
    #expect(failure(Self.members + [ZipBytes.Member("a/Notes.txt", [1])]) == nil)
  }
}
