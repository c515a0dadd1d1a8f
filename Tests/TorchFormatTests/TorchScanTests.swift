import ByteIO
import TestSupport
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

/// What `TorchScan` lists where the file cannot be read; `AttackTests` has files that could be.
@Suite("Scans of broken files")
struct TorchScanTests {
  struct Broken: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    var record: String?

    init(_ name: String, _ bytes: [UInt8], record: String? = nil) {
      testDescription = name
      self.bytes = bytes
      self.record = record
    }
  }

  private static let call = P.call(P.global("os", "system"), P.text("id"))
  private static let attack = P.pickle(call)
  private static let sound = P.pickle(P.dictionary(["w": P.tensor()]))

  private static func zip(
    _ pickle: [UInt8], _ others: [ZipBytes.Member] = [], change: (inout [UInt8]) -> Void = { _ in }
  ) -> [UInt8] {
    var bytes = ZipBytes.archive(
      ZipBytes.members(pickle, storages: ["0": floats(1, 2, 3, 4)]) + others
    ).array
    change(&bytes)
    return bytes
  }

  @Test(
    "a storage that is a pickle is listed in an archive of torch.package, which loads any record")
  func packages() {
    let storage = Self.attack + [UInt8](repeating: 0, count: 64 - Self.attack.count)
    let value = P.pickle(P.dictionary(["w": P.tensor(P.storage(count: 16), shape: [16])]))
    let members = ZipBytes.members(value, storages: ["0": storage])
    let sign = ZipBytes.Member("a/.data/extern_modules", [])
    let plain = TorchScan(ZipBytes.archive(members)).globals
    #expect(!plain.map(\.qualifiedName).contains { $0.hasSuffix("system") })
    let globals = TorchScan(ZipBytes.archive(members + [sign])).globals
    #expect(globals.map(\.qualifiedName).contains { $0.hasSuffix("system") })
  }

  private static func deflated(
    _ pickle: [UInt8], _ stream: ([UInt8]) -> [UInt8] = ZipBytes.deflateStream
  ) -> ZipBytes.Member {
    var member = ZipBytes.Member("a/data.pkl", pickle)
    member.method = 8
    member.raw = stream(pickle)
    return member
  }

  /// The flag for encryption, in the first member's own header and in the directory's.
  private static func setEncrypted(_ bytes: inout [UInt8]) {
    for index in bytes.indices.dropLast(4)
    where bytes[index...].starts(with: [0x50, 0x4B, 3, 4])
      || bytes[index...].starts(with: [0x50, 0x4B, 1, 2])
    {
      bytes[index + (bytes[index + 2] == 3 ? 6 : 8)] |= 1
    }
  }

  static let broken: [Broken] = [
    Broken("a pickle that is cut off", zip([0x80, 2] + call), record: "a/data.pkl"),
    Broken(
      "an opcode that is none, behind the call", zip([0x80, 2] + call + [0xFF]),
      record: "a/data.pkl"),
    Broken(
      "a call behind an opcode that is refused",
      zip([0x80, 2] + P.none + P.ascii("20") + call + P.ascii(".")), record: "a/data.pkl"),
    Broken(
      "a call behind an operand that makes no sense",
      zip([0x80, 2] + P.ascii("Ix\n0") + call + P.ascii(".")), record: "a/data.pkl"),
    Broken("a second pickle in the record", zip(sound + attack), record: "a/data.pkl"),
    Broken(
      "a broken pickle in another record",
      zip(sound, [ZipBytes.Member("a/x", [0x80, 2] + call + [0xFF])]), record: "a/x"),
    Broken(
      "another record, behind one that is refused",
      zip([0x80, 2, 0xFF], [ZipBytes.Member("a/x", attack)]), record: "a/x"),
    Broken(
      "a record that PyTorch does not find in the directory",
      zip(attack) { $0.removeLast(22) }, record: "a/data.pkl"),
    Broken(
      "a directory that is zeros",
      zip(attack) { bytes in
        for index in bytes.indices.suffix(60) { bytes[index] = 0 }
      }, record: "a/data.pkl"),
    Broken(
      "a deflated member without a directory",
      ZipBytes.archive([deflated(attack)]).array.dropLast(22), record: "a/data.pkl"),
    Broken(
      "a deflate stream that is cut off",
      Array(
        ZipBytes.archive([
          deflated(
            [0x80, 2] + call + [UInt8](repeating: 0x4E, count: 99), ZipBytes.fixedCodeStream)
        ]).array.prefix(120)), record: "a/data.pkl"),
    Broken(
      "members that are said to be encrypted", zip(attack, change: setEncrypted),
      record: "a/data.pkl"),
    Broken(
      "two members of one name", zip(sound, [ZipBytes.Member("a/data.pkl", attack)]),
      record: "a/data.pkl"),
    Broken("an archive behind another one", zip(sound) + zip(attack), record: "a/data.pkl"),
    Broken("an archive behind a pickle", P.pickle(P.none) + zip(attack), record: "a/data.pkl"),
    Broken("a pickle behind a number", P.pickle(P.integer(1)) + attack),
    Broken("a legacy file's system information", LegacyContainerTests.file(system: call)),
    Broken("behind a legacy file's storages", LegacyContainerTests.file() + attack),
    Broken("text opcodes that are cut off", P.ascii("cos\nsystem\n(S'id'\ntR")),
    Broken("text opcodes behind a number", P.ascii("I1\n0cos\nsystem\n(S'id'\ntR.")),
  ]

  @Test("what would be called before, or behind, the failure is listed", arguments: broken)
  func listed(_ file: Broken) {
    let region = ByteRegion(copying: file.bytes)
    #expect(failure { () throws(TorchError) in try TorchFile(region) } != nil)
    let scan = TorchScan(region)
    #expect(scan.failure != nil || scan.globals.contains { $0.verdict == .dangerous })
    #expect(
      scan.globals.contains {
        $0.qualifiedName == "os.system" && $0.verdict == .dangerous && $0.record == file.record
      })
    #expect(scan.calls.contains { $0.global.qualifiedName == "os.system" })
    let places = scan.calls.map { "\($0.record ?? "") \($0.byteOffset)" }
    #expect(Set(places).count == places.count || file.testDescription.hasPrefix("two members"))
  }

  @Test("a hidden member of the same name and the same offsets is listed beside the other one")
  func twins() {
    let twin = P.pickle(P.call(P.global("collections", "OrderedDict")))
    let file = ZipBytes.archive(
      ZipBytes.members(twin) + [ZipBytes.Member("a/data.pkl", Self.attack)])
    #expect(
      Set(TorchScan(file).globals.map(\.qualifiedName)) == [
        "collections.OrderedDict", "os.system",
      ])
  }

  @Test("a storage whose elements look like a pickle is a storage")
  func elements() throws {
    let attack = Self.attack + [UInt8](repeating: 0, count: 64 - Self.attack.count)
    let tensor = P.tensor(P.storage(count: 16), shape: [16])
    for data in [attack, P.ascii("cos\nsystem\n.") + [UInt8](repeating: 0, count: 52)] {
      let file = ZipBytes.archive(P.dictionary(["w": tensor]), storages: ["0": data])
      let scan = TorchScan(file)
      #expect(scan.failure == nil)
      #expect(scan.globals.allSatisfy { $0.verdict == .data })
      #expect(try TorchFile(file).tensors.count == 1)
    }
  }

  @Test("files that are read are clean", arguments: TorchFixtureTests.files(refused: false))
  func clean(_ fixture: FixtureFile) throws {
    let region = try fixture.bytes()
    _ = try TorchFile(region)
    let scan = TorchScan(region)
    #expect(scan.failure == nil)
    #expect(!scan.globals.isEmpty)
    #expect(scan.globals.allSatisfy { $0.verdict == .data || $0.verdict == .inert })
  }

  @Test("what is swept is in proportion to the file, however its members lie in each other")
  func nested() {
    // Headers without bytes of their own: each of them has all that follows as its member.
    let header: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26)
    let headers = Array(repeatElement(header, count: 20_000).joined())
    let opcodes = [UInt8](repeating: 0x4E, count: 600_000)
    let scan = TorchScan(ByteRegion(copying: headers + opcodes + Self.attack))
    #expect(scan.failure != nil)
    // The budget ends before the attack is met, or it is what is listed.
    #expect(Set(scan.globals.map(\.qualifiedName)).isSubset(of: ["os.system"]))
  }
}
