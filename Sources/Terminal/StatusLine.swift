import ByteIO
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A line that is shown on the terminal of standard error while work goes on.
///
/// It is erased before a standard stream is written to, and when a signal ends the process.
public enum StatusLine {
  /// What is shown; locked while a standard stream is written to.
  private static let shown = Lock("")
  private static let isShown = Atomic<Bool>(false)
  /// Moves to the line's start and erases to its end (ECMA-48).
  private static let erasure: StaticString = "\r\u{1B}[K"

  /// Whether standard error is a terminal that can erase a line.
  public static var isPossible: Bool {
    let terminal = environmentVariable("TERM") ?? ""
    return StandardStream.error.isTerminal && !terminal.isEmpty && terminal != "dumb"
  }

  /// Shows a text in place of the one before.
  ///
  /// The text must hold no control characters, and fit in one line of the terminal.
  public static func show(_ text: String) {
    shown.withLock { shown in
      guard text != shown else { return }
      shown = text
      isShown.store(true, ordering: .relaxed)
      // Nothing is lost if a status cannot be shown.
      try? StandardStream.error.writeBytes(of: "\(erasure)\(text)")
    }
  }

  /// Removes the line, if there is one.
  public static func erase() { withoutLine {} }

  /// Removes the line, and shows none while `body` runs. Throws what `body` throws.
  static func withoutLine<Failure: Error>(
    _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    try shown.withLock { (shown) throws(Failure) in
      shown = ""
      if isShown.exchange(false, ordering: .relaxed) {
        try? StandardStream.error.writeBytes(of: "\(erasure)")
      }
      try body()
    }
  }

  /// Removes the line; calls nothing that a signal handler must not call.
  static func eraseInSignalHandler() {
    guard isShown.load(ordering: .relaxed) else { return }
    _ = erasure.withUTF8Buffer { write(2, $0.baseAddress, $0.count) }
  }
}
