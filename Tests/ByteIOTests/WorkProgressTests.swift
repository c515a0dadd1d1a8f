import Synchronization
import TestSupport
import Testing

@testable import ByteIO

@Suite("WorkProgress")
struct WorkProgressTests {
  private struct Failure: Error {}

  @Test("work on all cores is counted by its bytes")
  func concurrent() throws {
    let progress = WorkProgress()
    let results = try progress.follow {
      try concurrentForEach(byteCounts: [3, 0, 40]) { _ in }
      #expect(progress.completedByteCount == 43)
      return try concurrentMap(byteCounts: [100, 1]) { index in
        #expect(progress.expectedByteCount == 144)
        return index
      }
    }
    #expect(results == [0, 1])
    #expect(progress.completedByteCount == 144)
    #expect(progress.expectedByteCount == 144)
  }

  @Test("what is planned is expected from the start, and not twice when it begins")
  func plan() throws {
    let progress = WorkProgress()
    try progress.follow {
      progress.plan(byteCounts: 30)
      for pass in 1...3 {
        try concurrentForEach(byteCounts: [7, 3]) { _ in }
        #expect(progress.completedByteCount == 10 * pass)
        #expect(progress.expectedByteCount == 30)
      }
      // More than was planned.
      try concurrentForEach(byteCounts: [5]) { _ in }
      #expect(progress.expectedByteCount == 35)
    }
  }

  @Test("counts that a file claims end at the largest number instead of wrapping")
  func saturating() {
    let progress = WorkProgress()
    progress.plan(byteCounts: .max, 1, .max)
    progress.plan(byteCounts: .max)
    #expect(progress.expectedByteCount == .max)
    progress.complete(byteCount: .max)
    progress.complete(byteCount: 5)
    #expect(progress.completedByteCount == .max)
  }

  @Test("work that fails is expected and not done")
  func failed() throws {
    let progress = WorkProgress()
    #expect(throws: Failure.self) {
      try progress.follow {
        try concurrentForEach(byteCounts: [5]) { _ in throw Failure() }
      }
    }
    #expect(progress.completedByteCount == 0)
    #expect(progress.expectedByteCount == 5)
  }

  @Test("work that is cancelled ends before the next index")
  func cancelled() throws {
    let progress = WorkProgress()
    let calls = Lock(0)
    #expect(throws: CancellationError.self) {
      try progress.follow {
        try concurrentForEach(byteCounts: [Int](repeating: 1, count: 10_000)) { _ in
          calls.withLock { $0 += 1 }
          progress.cancel()
        }
      }
    }
    #expect(calls.withLock { (1..<1000).contains($0) })
    // Other work goes on.
    try concurrentForEach(byteCounts: [1]) { _ in }
    #expect(throws: CancellationError.self) {
      try progress.follow { try concurrentForEach(count: 1) { _ in } }
    }
  }

  @Test("a task that is cancelled ends the work that it waits for")
  func cancelledTask() async throws {
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try concurrentMap(count: 4) { $0 }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await Task { try concurrentMap(count: 2) { $0 } }.value == [0, 1])
  }

  @Test("only work that is followed is counted")
  func follow() throws {
    let progress = WorkProgress()
    #expect(WorkProgress.current == nil)
    progress.follow { #expect(WorkProgress.current === progress) }
    #expect(WorkProgress.current == nil)
    try concurrentForEach(byteCounts: [5]) { _ in }
    #expect(progress.expectedByteCount == 0)
  }

  @Test("hashing ends once it is cancelled, by its progress or by its task")
  func cancelledDigest() async throws {
    let region = ByteRegion(copying: [UInt8](repeating: 7, count: (1 << 21) + 5))
    let progress = WorkProgress()
    progress.cancel()
    #expect(throws: CancellationError.self) { try SHA256Digest(of: region, progress: progress) }
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try SHA256Digest(of: region, progress: WorkProgress())
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("blocking work has a thread of its own, and is followed there")
  func run() async throws {
    let progress = WorkProgress()
    let sum = try await progress.run {
      #expect(WorkProgress.current === progress)
      return try concurrentMap(byteCounts: [3, 4]) { $0 }.reduce(0, +)
    }
    #expect(sum == 1 && progress.completedByteCount == 7)
    await #expect(throws: Failure.self) { try await progress.run { throw Failure() } }
  }

  @Test("a task that is cancelled ends the work that runs on a thread for it")
  func cancelledRun() async throws {
    let progress = WorkProgress()
    let task = Task {
      try await progress.run {
        while !progress.isCancelled {}
        try concurrentForEach(byteCounts: [1]) { _ in }
      }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("a digest counts the bytes that it has taken in, and is the same")
  func digest() throws {
    let region = ByteRegion(copying: [UInt8](repeating: 7, count: (1 << 24) + 5))
    let progress = WorkProgress()
    #expect(try SHA256Digest(of: region, progress: progress) == SHA256Digest(of: region))
    #expect(progress.completedByteCount == region.byteCount)
    #expect(progress.expectedByteCount == 0)
  }
}
