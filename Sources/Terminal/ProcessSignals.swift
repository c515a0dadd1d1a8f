import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a program does when it is interrupted, or when a mapped file is taken from under it.
public enum ProcessSignals {
  /// Makes the process end cleanly: interrupted with status 130, terminated with 143, and with 74
  /// and a sentence where a mapped file was truncated by another process (SIGBUS). Unfinished
  /// output files and the status line are removed, also before SIGQUIT, or SIGXCPU at a limit on
  /// CPU time, takes its default action. A write beyond the limit on file size fails like any
  /// other, instead of killing the process.
  ///
  /// For programs; a library has no business changing the signals of its process.
  ///
  /// - Parameter truncationMessage: What is written to standard error where a mapped file was
  ///   truncated; with a line feed at the end.
  public static func install(truncationMessage: String = Self.truncationMessage) {
    UnfinishedFiles.prepare()
    let message = Array(truncationMessage.utf8)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: message.count, alignment: 1)
    copy.copyBytes(from: message)
    truncationBytes = UnsafeRawBufferPointer(copy)
    signal(SIGXFSZ, SIG_IGN)
    // A parent that starts processes from a Dispatch thread passes on that thread's signal mask,
    // with which no signal could end this process.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      handle(number) { number in
        UnfinishedFiles.removeAll()
        StatusLine.eraseInSignalHandler()
        _exit(128 + number)
      }
    }
    for number in [SIGQUIT, SIGXCPU] {
      handle(number) { number in
        UnfinishedFiles.removeAll()
        StatusLine.eraseInSignalHandler()
        signal(number, SIG_DFL)
        // The signal arrives when this returns, and ends the process, with a core dump if those are
        // enabled.
        raise(number)
      }
    }
    signal(SIGBUS) { _ in
      UnfinishedFiles.removeAll()
      StatusLine.eraseInSignalHandler()
      let message = ProcessSignals.truncationBytes
      _ = write(2, message.baseAddress, message.count)
      _exit(74)
    }
  }

  /// The sentence about a truncated file.
  public static let truncationMessage =
    "convnext: the input was truncated by another process while it was read\n"

  // Written before the handler is installed, which alone reads it; kept for the process's lifetime.
  nonisolated(unsafe) private static var truncationBytes = UnsafeRawBufferPointer(
    start: nil, count: 0)

  /// Handles a signal, unless the parent has decided to ignore it, as `nohup` does.
  private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    let previous = signal(number, handler)
    if unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
      signal(number, SIG_IGN)
    }
  }
}
