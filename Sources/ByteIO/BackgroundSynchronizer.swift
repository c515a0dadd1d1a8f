import Dispatch
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
    var failure: SystemError?
  }

  private let descriptor: Int32
  private let path: String
  private let state = Lock(State())
  private let queue = DispatchQueue(label: "BackgroundSynchronizer")
  private let hasThreads: Bool

  /// - Parameters:
  ///   - descriptor: The open file, which has to stay open until `finish()`.
  ///   - path: Its path, for errors.
  ///   - hasThreads: Whether there is a thread to be had; else all is left to the last `fsync`.
  init(descriptor: Int32, path: String, hasThreads: Bool = ThreadSupply.hasThreads) {
    self.descriptor = descriptor
    self.path = path
    self.hasThreads = hasThreads
  }

  /// Notes that bytes were written, and begins to store them where they are enough.
  ///
  /// Safe to call from several threads.
  func didWrite(byteCount: Int) {
    guard hasThreads else { return }
    let starts = state.withLock { state in
      state.unstoredByteCount += byteCount
      if state.isRunning || state.unstoredByteCount < Self.pieceByteCount { return false }
      state.isRunning = true
      return true
    }
    if starts { queue.async { self.run() } }
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
    queue.sync {}
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
