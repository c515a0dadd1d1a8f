public import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The process's standard streams.
public enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Whether a person is reading: the stream is a terminal.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The smallest value of `COLUMNS` that is believed: in fewer columns, no text can be laid out.
  private static let leastColumnCount = 20

  /// The terminal's width in columns, or `nil` if the stream is not a terminal: a pipe takes lines
  /// of any length, whatever `COLUMNS` says.
  public var terminalColumnCount: Int? { isTerminal ? columnCount : nil }

  /// The width in columns that `COLUMNS` asks for, or the terminal's, or `nil` if there is neither.
  public var columnCount: Int? {
    if let count = environmentVariable("COLUMNS").flatMap({ Int($0) }),
      count >= Self.leastColumnCount
    {
      return count
    }
    var size = winsize()
    guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes the whole of a text; a status line is erased first.
  ///
  /// Throws `SystemError` where the stream accepts no more, such as when the disk is full.
  public func write(_ text: String) throws(SystemError) {
    try StatusLine.withoutLine { () throws(SystemError) in try writeBytes(of: text) }
  }

  func writeBytes(of text: String) throws(SystemError) {
    let bytes = ByteRegion(copying: text.utf8)
    try bytes.withUnsafeBytes { (buffer) throws(SystemError) in
      var done = 0
      while done < buffer.count {
        let start = buffer.baseAddress.map { $0 + done }
        #if canImport(Darwin)
          let count = retryingOnInterrupt { Darwin.write(rawValue, start, buffer.count - done) }
        #elseif canImport(Glibc)
          let count = retryingOnInterrupt { Glibc.write(rawValue, start, buffer.count - done) }
        #else
          let count = retryingOnInterrupt { Musl.write(rawValue, start, buffer.count - done) }
        #endif
        guard count > 0 else {
          throw .last(.print, path: self == .output ? "standard output" : "standard error")
        }
        done += count
      }
    }
  }
}
