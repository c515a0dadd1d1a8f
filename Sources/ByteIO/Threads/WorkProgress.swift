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
/// Work that takes `current` counts itself there.
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

  /// Ends the work at the next tensor or piece of a file that is hashed, from any thread: it throws
  /// `CancellationError`, and a file that was being written does not appear. Work that is done by then
  /// stays done. Headers and pickles are read to their end.
  public func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Does work whose progress is counted here. Throws what `body` throws.
  public func follow<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self) { try body() }
  }
}

extension WorkProgress {
  /// Does blocking work, whose progress is counted here, on a thread of its own: tasks share a few
  /// threads, which must not block, and have small stacks. Where the calling task is cancelled, the
  /// work is, too.
  ///
  ///     let checkpoint = try await WorkProgress().run { try Checkpoint(path: path) }
  ///
  /// Throws what `body` throws, and `MemoryError` if the system gives no thread.
  public func run<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let thread = SystemThread.start(stackByteCount: Self.stackByteCount) {
          continuation.resume(with: Swift.Result { try self.follow(body) })
        }
        guard let thread else {
          return continuation.resume(throwing: MemoryError(byteCount: Self.stackByteCount))
        }
        thread.detach()
      }
    } onCancel: {
      cancel()
    }
  }

  /// As much as a program's first thread usually has.
  private static let stackByteCount = 8 << 20

  /// Throws `CancellationError` if this work or the calling task is cancelled.
  package func checkCancellation() throws(CancellationError) {
    if isCancelled || Task.isCancelled { throw CancellationError() }
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
