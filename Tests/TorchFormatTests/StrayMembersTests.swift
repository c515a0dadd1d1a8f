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

  /// Members whose opcodes pass over the next one's header, and so on to one pickle.
  private func chain(_ pickle: [UInt8], count: Int) -> ByteRegion {
    let header = Array(ZipBytes.archive([ZipBytes.Member("a", [])]).array.prefix(31))
    let hop = header + [0x55, 31]
    return ByteRegion(
      copying: [[UInt8]](repeating: hop, count: count).flatMap(\.self) + header + pickle)
  }

  @Test("what lies in many members is listed once")
  func overlapping() {
    let pickle = P.call(P.global("os", "system"), P.text("id")) + P.ascii(".")
    let scan = TorchScan(chain(pickle, count: 50))
    #expect(scan.globals.map(\.qualifiedName) == ["os.system"])
    #expect(scan.calls.map(\.global.qualifiedName) == ["os.system"])
  }

  /// Each member has all of these, and what they come to took seconds.
  @Test("what is noted in members that lie in each other is bounded, as bytes are")
  func costs() {
    let long = P.text(String(repeating: "a", count: 1024)) + P.ascii("q\u{0}")
    let use = P.ascii("h\u{0}h\u{0}") + [0x93]
    let pickles: [[UInt8]] = [
      long + [[UInt8]](repeating: use, count: 300).flatMap(\.self),
      (0..<300).flatMap { P.global("a\($0)", "b") + P.ascii(")R") },
    ]
    for pickle in pickles {
      let scan = TorchScan(chain(pickle + P.ascii("."), count: 50))
      #expect(scan.globals.count == 300)
    }
  }

  @Test("what a sweep stores and notes is part of what it costs")
  func sweepCosts() {
    let long = P.text(String(repeating: "a", count: 1024)) + P.ascii("q\u{0}")
    for (pickle, count) in [
      (long + P.ascii("h\u{0}h\u{0}") + [0x93], 256), (P.none + [0x94, 0x94], 32),
      (P.global("a", "b") + P.ascii(")R"), 512),
    ] {
      let sweep = PickleSweep(ByteRegion(copying: pickle + P.ascii(".")), record: nil)
      #expect(sweep.noteCost >= count)
    }
  }

  @Test("headers that are cut off are passed over")
  func cutOff() {
    let file = ZipBytes.archive([ZipBytes.Member("a/x", P.none)]).array
    for count in 0..<33 { #expect(members(ByteRegion(copying: file.prefix(count))).isEmpty) }
  }
}
