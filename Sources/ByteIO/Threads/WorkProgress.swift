import Synchronization

/// The progress of long work, in bytes processed.
///
/// To follow it, run the work in `follow(_:)` and read the counts from another thread:
///
///     let progress = WorkProgress()
///     let manifest = try progress.follow { try Manifest(of: tensors) }
///
/// `cancel()` ends the work early, as does the cancellation of the task that does it.
///
/// Work that goes over tensors with `concurrentForEach(byteCounts:)` or
/// `concurrentMap(byteCounts:)` is counted automatically; other long work takes
/// `WorkProgress.current` and counts itself.
public final class WorkProgress: Sendable {
  /// The progress that the calling thread's work is part of, if it is followed.
  @TaskLocal public static var current: WorkProgress?

  private let planned = Atomic<Int>(0)
  private let expected = Atomic<Int>(0)
  private let completed = Atomic<Int>(0)
  private let cancelled = Atomic<Bool>(false)

  /// Starts with nothing expected.
  public init() {}

  /// The bytes that the work goes through, as far as it is known by now.
  public var expectedByteCount: Int {
    max(planned.load(ordering: .relaxed), expected.load(ordering: .relaxed))
  }

  /// The bytes that are done.
  public var completedByteCount: Int { completed.load(ordering: .relaxed) }

  /// Announces all the passes of the work, each of which is announced again with
  /// `expect(byteCount:)` when it begins. Otherwise the amount left would grow along the way.
  public func plan(byteCounts: Int...) {
    planned.saturatingAdd(byteCounts.saturatingSum { $0 })
  }

  /// Announces work that begins.
  public func expect(byteCount: Int) { expected.saturatingAdd(byteCount) }

  /// Counts work as done.
  public func complete(byteCount: Int) { completed.saturatingAdd(byteCount) }

  /// Whether the work was asked to end early.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Ends the work at the next tensor, from any thread: it throws `CancellationError`, and a file
  /// that was being written does not appear. Work that is done by then stays done.
  public func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Does work whose progress is counted here. Throws what `body` throws.
  public func follow<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self) { try body() }
  }
}

extension Atomic where Value == Int {
  /// Adds a non-negative count; the sum stops at `Int.max`, because what a file claims has no
  /// bound.
  fileprivate func saturatingAdd(_ count: Int) {
    var found = load(ordering: .relaxed)
    while true {
      let (sum, overflows) = found.addingReportingOverflow(count)
      let (isDone, original) = weakCompareExchange(
        expected: found, desired: overflows ? .max : sum, ordering: .relaxed)
      if isDone { return }
      found = original
    }
  }
}
