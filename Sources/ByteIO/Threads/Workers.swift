import Synchronization

/// Calls `body` once for each index of `byteCounts`, on as many threads as the machine has cores,
/// those with the most bytes first: then no thread is left with a long one when the others are
/// done.
///
/// The calls run in no particular order; whoever needs an order writes results by index. When
/// calls throw, the error of the lowest index that failed is thrown, and higher indices that were not
/// started are left out. Throws `CancellationError` where `WorkProgress.current` or the calling
/// task is cancelled before the last index is started. Counts the bytes in `WorkProgress.current`.
package func concurrentForEach(
  byteCounts: [Int], _ body: @Sendable (_ index: Int) throws -> Void
) throws {
  let progress = WorkProgress.current
  progress?.expect(byteCount: byteCounts.saturatingSum { $0 })
  try concurrentForEach(in: largestFirst(byteCounts)) { index in
    try body(index)
    progress?.complete(byteCount: byteCounts[index])
  }
}

private func concurrentForEach(
  in order: [Int], _ body: @Sendable (_ index: Int) throws -> Void
) throws {
  try withUnsafeCurrentTask { task in
    // Other threads may ask a task whether it is cancelled, and none does so after this returns.
    nonisolated(unsafe) let task = task
    let progress = WorkProgress.current
    try concurrentForEach(in: order, body) {
      progress?.isCancelled == true || task?.isCancelled == true
    }
  }
}

private func concurrentForEach(
  in order: [Int], _ body: @Sendable (_ index: Int) throws -> Void,
  isCancelled: @Sendable () -> Bool
) throws {
  let firstFailure = Lock<(index: Int, error: any Error)?>(nil)
  let call: @Sendable (Int) -> Void = { place in
    let index = order[place]
    if firstFailure.withLock({ ($0?.index ?? .max) < index }) { return }
    if isCancelled() {
      // Below any index, so no more are started.
      return firstFailure.withLock { $0 = (-1, CancellationError()) }
    }
    do {
      try body(index)
    } catch {
      firstFailure.withLock { failure in
        if failure.map({ index < $0.index }) ?? true { failure = (index, error) }
      }
    }
  }
  onAllCores(count: order.count, call)
  if let failure = firstFailure.withLock({ $0 }) { throw failure.error }
}

/// Calls `body` once for each place below `count`, on as many threads as there are cores, including
/// the caller's; on fewer if the system does not give that many.
private func onAllCores(count: Int, _ body: @Sendable (_ place: Int) -> Void) {
  let next = Atomic<Int>(0)
  withoutActuallyEscaping(body) { body in
    let work: @Sendable () -> Void = {
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < count else { return }
        body(place)
      }
    }
    // All have ended when this returns.
    withoutActuallyEscaping(work) { work in
      let threads = (1..<max(1, min(count, CoreCount.available))).compactMap { _ in
        SystemThread.start(work)
      }
      work()
      for thread in threads { thread.join() }
    }
  }
}

/// Calls `transform` for each index of `byteCounts` on all cores, those with the most bytes first;
/// the results keep the order of the indices.
///
/// Counts the bytes in `WorkProgress.current`.
package func concurrentMap<Result: Sendable>(
  byteCounts: [Int], _ transform: @Sendable (_ index: Int) throws -> Result
) throws -> [Result] {
  let results = Lock([Result?](repeating: nil, count: byteCounts.count))
  try concurrentForEach(byteCounts: byteCounts) { index in
    let result = try transform(index)
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}

/// The indices of `byteCounts`, those with the most bytes first, equal ones in order.
func largestFirst(_ byteCounts: [Int]) -> [Int] {
  byteCounts.indices.sorted { (byteCounts[$1], $0) < (byteCounts[$0], $1) }
}
