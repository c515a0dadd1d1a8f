import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Members of a tar archive")
struct TarMembersTests {
  static func member(_ name: String, _ data: [UInt8], size: String? = nil) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    header.replaceSubrange(0..<name.utf8.count, with: Array(name.utf8))
    let digits = size ?? String(data.count, radix: 8)
    header.replaceSubrange(124..<124 + digits.utf8.count, with: Array(digits.utf8))
    header.replaceSubrange(257..<262, with: Array("ustar".utf8))
    return header + data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
  }

  @Test("each member is found where the one before it ends")
  func found() {
    let file =
      Self.member("pickle", P.ascii("one")) + Self.member("empty", [])
      + Self.member("storages", P.ascii("three"))
    let members = Array(TarMembers(ByteRegion(copying: file)))
    #expect(members.map(\.name) == ["pickle", "empty", "storages"])
    #expect(members.map(\.bytes.array) == [P.ascii("one"), [], P.ascii("three")])
  }

  @Test("sizes that are none end with the file", arguments: ["77777777777", "-7", "x", ""])
  func sizes(size: String) {
    let file = Self.member("pickle", P.ascii("one"), size: size)
    #expect(Array(TarMembers(ByteRegion(copying: file))).map(\.name) == ["pickle"])
  }

  @Test("what a member asks for is listed, though the archive is not read")
  func scanned() {
    let attack = P.pickle(P.call(P.global("os", "system"), P.text("id")))
    let file = Self.member("sys_info", P.pickle(P.none)) + Self.member("pickle", attack)
    let scan = TorchScan(ByteRegion(copying: file))
    #expect(scan.globals.map(\.record) == ["pickle"])
    #expect(scan.calls.map(\.global.qualifiedName) == ["os.system"])
    #expect(scan.failure?.category == .unsupported)
  }
}
