import Synchronization
import Testing

@testable import ByteIO

@Suite("SystemThread")
struct SystemThreadTests {
  @Test("what a thread did is there once it was waited for")
  func runs() throws {
    let count = Lock(0)
    let threads = try (0..<8).map { _ in
      try #require(SystemThread.start { count.withLock { $0 += 1 } })
    }
    for thread in threads { thread.join() }
    #expect(count.withLock { $0 } == 8)
  }

  @Test("what a thread was to do is let go of once it is done")
  func lifetime() throws {
    final class Witness: Sendable {}
    weak var witness: Witness?
    do {
      let kept = Witness()
      witness = kept
      try #require(SystemThread.start { withExtendedLifetime(kept) {} }).join()
    }
    #expect(witness == nil)
  }
}
