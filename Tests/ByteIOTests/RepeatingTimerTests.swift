import Dispatch
import Foundation
import Synchronization
import Testing

@testable import ByteIO

@Suite("RepeatingTimer")
struct RepeatingTimerTests {
  @Test("the function is called until the timer is stopped, and not after it")
  func calls() {
    let count = Lock(0)
    let third = DispatchSemaphore(value: 0)
    let timer = RepeatingTimer(after: 0, every: 0.001) {
      if count.withLock({ count in
        count += 1
        return count == 3
      }) {
        third.signal()
      }
    }
    third.wait()
    timer.stop()
    let stopped = count.withLock { $0 }
    #expect(stopped >= 3)
    // Twenty calls' time.
    usleep(20_000)
    timer.stop()
    #expect(count.withLock { $0 } == stopped)
  }

  @Test(
    "a timer that has not called yet is stopped at once, however long it would wait",
    arguments: [3600, 1e18, .infinity, .nan])
  func stoppedBefore(delay: Double) {
    let count = Lock(0)
    let timer = RepeatingTimer(after: delay, every: delay) { count.withLock { $0 += 1 } }
    timer.stop()
    #expect(count.withLock { $0 } == 0)
  }
}
