import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Members without a directory")
struct StrayMembersTests {
  private func members(_ region: ByteRegion) -> [StrayMembers.Member] {
    Array(StrayMembers(region, limits: .standard))
  }

  private func deflated(_ name: String, _ data: [UInt8]) -> ZipBytes.Member {
    var member = ZipBytes.Member(name, data)
    member.method = 8
    member.raw = ZipBytes.deflateStream(data)
    return member
  }

  @Test("stored and deflated members are found by their own headers")
  func found() throws {
    let file = ZipBytes.archive([
      ZipBytes.Member("a/x", P.ascii("stored")), deflated("a/y", P.ascii("deflated")),
    ])
    let found = members(file)
    #expect(Set(found.map(\.name)) == ["a/x", "a/y"])
    #expect(try #require(found.first).bytes.matches("stored".utf8))
    #expect(try #require(found.last).bytes.array == P.ascii("deflated"))
  }

  @Test("a header that lies about how its member is stored hides nothing", arguments: [0, 8, 12])
  func lyingMethod(_ method: Int) throws {
    let attack = P.pickle(P.call(P.global("os", "system"), P.text("id")))
    for member in [ZipBytes.Member("a/x", attack), deflated("a/x", attack)] {
      var file = ZipBytes.archive([member]).array
      file[8] = UInt8(method)
      let calls = TorchScan(ByteRegion(copying: file.dropLast(30))).calls
      #expect(calls.map(\.global.qualifiedName) == ["os.system"])
    }
  }

  @Test("members are found across the pieces that a file is read in")
  func pieces() {
    for gap in -4...4 {
      let file = ZipBytes.archive([ZipBytes.Member("a/x", P.none)]).array
      let before = [UInt8](repeating: 0x50, count: ByteRegion.pieceByteCount + gap)
      #expect(members(ByteRegion(copying: before + file)).first?.name == "a/x")
    }
  }

  @Test("headers that are cut off are passed over")
  func cutOff() {
    let file = ZipBytes.archive([ZipBytes.Member("a/x", P.none)]).array
    for count in 0..<33 { #expect(members(ByteRegion(copying: file.prefix(count))).isEmpty) }
  }
}
