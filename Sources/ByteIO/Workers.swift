import Dispatch
import Synchronization

/// Calls `body` once for each index below `count`, on as many threads as the machine has cores.
///
/// The calls run in no particular order; whoever needs an order writes results by index. When
/// calls throw, the error of the lowest index that failed is thrown, and indices that were not
/// started are left out.
public func concurrentForEach(
  count: Int, _ body: @Sendable (_ index: Int) throws -> Void
) throws {
  let firstFailure = Mutex<(index: Int, error: any Error)?>(nil)
  DispatchQueue.concurrentPerform(iterations: count) { index in
    if firstFailure.withLock({ ($0?.index ?? .max) < index }) { return }
    do {
      try body(index)
    } catch {
      firstFailure.withLock { failure in
        if failure.map({ index < $0.index }) ?? true { failure = (index, error) }
      }
    }
  }
  if let failure = firstFailure.withLock({ $0 }) { throw failure.error }
}

/// Calls `transform` for each index below `count` on all cores; the results keep their order.
public func concurrentMap<Result: Sendable>(
  count: Int, _ transform: @Sendable (_ index: Int) throws -> Result
) throws -> [Result] {
  let results = Mutex([Result?](repeating: nil, count: count))
  try concurrentForEach(count: count) { index in
    let result = try transform(index)
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}
