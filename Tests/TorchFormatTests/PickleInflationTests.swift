import ByteIO
import TestSupport
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

/// Small files that would make much of themselves by being inflated.
@Suite("Inflated pickles")
struct PickleInflationTests {
  @Test("pickles beside the checkpoint's inflate to no more together than the file allows")
  func deflatedMembers() throws {
    // A tuple of 60,000 times None.
    let runs = 232
    let values = [0x80, 2] + P.ascii("(") + P.none + P.ascii("t.")
    let inflated =
      [0x80, 2] + P.ascii("(") + [UInt8](repeating: P.none[0], count: 1 + 258 * runs)
      + P.ascii("t.")
    func file(memberCount: Int) -> ByteRegion {
      let others = (0..<memberCount).map { index in
        var member = ZipBytes.Member("a/x\(index)", inflated)
        member.method = 8
        member.raw = ZipBytes.fixedCodeStream(values, runIndex: 3, runCount: runs)
        return member
      }
      let own = ZipBytes.members(P.pickle(P.tensor()), storages: ["0": floats(1, 2, 3, 4)])
      return ZipBytes.archive(own + others)
    }
    #expect(try TorchFile(file(memberCount: 4)).tensors.count == 1)
    guard case .recordsInflation(let count, let limit)? = reason(file(memberCount: 40)) else {
      Issue.record("\(String(describing: reason(file(memberCount: 40))))")
      return
    }
    #expect(limit == max(1 << 20, 64 * file(memberCount: 40).byteCount))
    #expect(count > limit)
    #expect(reason(file(memberCount: 40)) { $0.pickleInflationRatio = 1 << 20 } == nil)
  }

  @Test("a deflated pickle inflates to a multiple of its bytes, or to a few in any case")
  func inflation() throws {
    for (fixture, isRefused) in [("broken/deep-lists.pth", true), ("torch/deflated.pth", false)] {
      let file = try Fixtures.bytes(fixture)
      let error = failure { () throws(TorchError) in try TorchFile(file) }
      if isRefused, case .recordInflation(let count, let limit)? = error?.reason {
        #expect(count > limit && limit >= 16384)
        #expect(error?.hint == Limits.Name.pickleInflationRatio.hint)
      } else {
        #expect(!isRefused && error == nil)
      }
    }
    let deep = try Fixtures.bytes("broken/deep-lists.pth")
    #expect(reason(deep) { $0.pickleInflationRatio = 1000 } == .objectCount(limit: 16384))
    let deeper = reason(deep) {
      $0.pickleInflationRatio = 1000
      $0.pickleObjectRatio = 1000
    }
    #expect(deeper == .tooDeep(limit: 100))
  }
}
