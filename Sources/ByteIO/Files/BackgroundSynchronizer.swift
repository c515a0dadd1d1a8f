import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Stores what was written to a file on its disk, on a thread of its own, while more is computed
/// and written, so that the last `fsync` has little to wait for.
///
/// `sync_file_range` would not do: it hands bytes to the disk, but the disk's own cache is then
/// emptied by the last `fsync` alone, which takes as long as before (docs/benchmarks.md).
final class BackgroundSynchronizer: Sendable {
  /// Written bytes that are worth a system call.
  static let pieceByteCount = 1 << 22

  private struct State {
    var unstoredByteCount = 0
    var isRunning = false
    /// The latest thread, until somebody has waited for it.
    var thread: SystemThread?
    var failure: SystemError?
  }

  private let descriptor: Int32
  private let path: String
  private let state = Lock(State())
  private let startThread: @Sendable (@escaping @Sendable () -> Void) -> SystemThread?

  /// - Parameters:
  ///   - descriptor: The open file, which has to stay open until `finish()`.
  ///   - path: Its path, for errors.
  ///   - startThread: Starts a thread; where it gives none, all is left to the last `fsync`.
  init(
    descriptor: Int32, path: String,
    startThread: @escaping @Sendable (@escaping @Sendable () -> Void) -> SystemThread? =
      SystemThread.start
  ) {
    self.descriptor = descriptor
    self.path = path
    self.startThread = startThread
  }

  /// Notes that bytes were written, and begins to store them where they are enough.
  ///
  /// Safe to call from several threads.
  func didWrite(byteCount: Int) {
    state.withLock { state in
      state.unstoredByteCount += byteCount
      if state.isRunning || state.unstoredByteCount < Self.pieceByteCount { return }
      // It has nothing left to do.
      state.thread?.join()
      state.thread = startThread { self.run() }
      state.isRunning = state.thread != nil
    }
  }

  private func run() {
    while takeWork() {
      if retryingOnInterrupt({ Self.synchronize(descriptor) }) == 0 { continue }
      let failure = SystemError.last(.synchronize, path: path)
      state.withLock { $0.failure = $0.failure ?? failure }
    }
  }

  /// Whether enough was written since the last call.
  private func takeWork() -> Bool {
    state.withLock { state in
      state.isRunning = state.unstoredByteCount >= Self.pieceByteCount
      if state.isRunning { state.unstoredByteCount = 0 }
      return state.isRunning
    }
  }

  private static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      fsync(descriptor)
    #else
      fdatasync(descriptor)
    #endif
  }

  /// Waits until nothing is under way any more.
  ///
  /// Throws the first failure. It has to be heeded: a system reports each failure to store once,
  /// so the caller's own `fsync` may succeed after it.
  func finish() throws(SystemError) {
    // Not while the lock is held, which the thread asks for.
    let thread = state.withLock { state in
      defer { state.thread = nil }
      return state.thread
    }
    thread?.join()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
