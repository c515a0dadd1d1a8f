import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Flushes what was written to a file to its disk, on a separate thread, while more is computed and
/// written, so that the last `fsync` has little to wait for.
///
/// `sync_file_range` is not enough: it hands bytes to the disk, but leaves the disk's own cache to
/// the last `fsync`, which then takes as long as before (docs/benchmarks.md).
final class BackgroundSynchronizer: Sendable {
  /// How many written bytes are worth a system call.
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
  ///   - descriptor: The open file, which must stay open until `finish()`.
  ///   - path: Its path, for errors.
  ///   - startThread: Starts a thread; if it returns `nil`, everything is left to the last `fsync`.
  init(
    descriptor: Int32, path: String,
    startThread: @escaping @Sendable (@escaping @Sendable () -> Void) -> SystemThread? = {
      SystemThread.start($0)
    }
  ) {
    self.descriptor = descriptor
    self.path = path
    self.startThread = startThread
  }

  /// Notes that bytes were written, and starts to flush them once there are enough.
  ///
  /// Safe to call from several threads.
  func didWrite(byteCount: Int) {
    state.withLock { state in
      state.unstoredByteCount += byteCount
      if state.isRunning || state.unstoredByteCount < Self.pieceByteCount { return }
      // That thread has nothing left to do.
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

  /// Whether enough has been written since the last call.
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

  /// Waits until no flush is in progress.
  ///
  /// Throws the first failure. It must not be ignored: a system reports each failure to flush once,
  /// so the caller's own `fsync` may succeed after it.
  func finish() throws(SystemError) {
    // The thread is not joined while the lock is held, because it needs the lock.
    let thread = state.withLock { state in
      defer { state.thread = nil }
      return state.thread
    }
    thread?.join()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
