import Synchronization

/// How far long work has come, in bytes that were gone through.
///
/// Whoever wants to know runs the work in `follow(_:)` and looks at the counts from another thread:
///
///     let progress = WorkProgress()
///     let manifest = try progress.follow { try Manifest(of: tensors) }
///
/// `cancel()` ends the work early, as does the cancellation of the task that does it.
///
/// Whatever goes over tensors with `concurrentForEach(byteCounts:)` or `concurrentMap(byteCounts:)`
/// is counted without further ado; other long work takes `WorkProgress.current` and counts itself.
public final class WorkProgress: Sendable {
  /// The progress that the calling thread's work is part of, where somebody follows it.
  @TaskLocal public static var current: WorkProgress?

  private let planned = Atomic<Int>(0)
  private let expected = Atomic<Int>(0)
  private let completed = Atomic<Int>(0)
  private let cancelled = Atomic<Bool>(false)

  /// Starts with nothing expected.
  public init() {}

  /// The bytes that the work, as far as it is known by now, goes through.
  public var expectedByteCount: Int {
    max(planned.load(ordering: .relaxed), expected.load(ordering: .relaxed))
  }

  /// The bytes that are done.
  public var completedByteCount: Int { completed.load(ordering: .relaxed) }

  /// Announces everything that is to come, in several passes, each of which is announced once more
  /// when it begins: what is left would else become more underway.
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
  /// Adds a count that is not negative; the sum ends at `Int.max`: what a file claims has no bound.
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
