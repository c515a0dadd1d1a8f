#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Paths as text. A path is bytes to the system, but `String` holds only UTF-8. Each byte that is
/// not part of valid UTF-8 is kept as the scalar U+10FF00 plus its value, at the end of the last
/// private-use plane, and becomes that byte again when the system is called.
public enum PathText {
  private static let base: UInt32 = 0x10FF00

  /// The text that represents the bytes of a path.
  public static func text(of bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    var text = String.UnicodeScalarView()
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if isByte(scalar) {
          // A scalar in the range itself would be mistaken for a byte, so its bytes are kept one by
          // one.
          for byte in encoded { text.append(Self.scalar(of: byte)) }
        } else {
          text.append(scalar)
        }
        offset += encoded.count
      case .error(let length):
        for byte in bytes[offset..<offset + length] { text.append(Self.scalar(of: byte)) }
        offset += length
      case .emptyInput: return String(text)
      }
    }
  }

  /// The byte that a scalar represents, or `nil` if it represents itself.
  public static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    isByte(scalar) ? UInt8(truncatingIfNeeded: scalar.value - base) : nil
  }

  private static func isByte(_ scalar: Unicode.Scalar) -> Bool {
    (base + 0x80...base + 0xFF).contains(scalar.value)
  }

  /// Bytes below 0x80 are always UTF-8.
  private static func scalar(of byte: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(base + UInt32(byte)) ?? "\u{FFFD}"
  }

  /// Calls `body` with the bytes of a path, for C functions.
  ///
  /// No path contains a zero byte, at which the system would end it. Text that does becomes the
  /// empty path, where nothing exists and nothing can be made.
  static func withBytes<Result>(
    _ path: String, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    if path.utf8.contains(0) { return "".withCString(body) }
    guard path.unicodeScalars.contains(where: isByte) else { return path.withCString(body) }
    var bytes: [CChar] = []
    for scalar in path.unicodeScalars {
      if let byte = byte(of: scalar) {
        bytes.append(CChar(bitPattern: byte))
      } else {
        bytes += UTF8.encode(scalar).map { $0.map { CChar(bitPattern: $0) } } ?? []
      }
    }
    return (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map(body) ?? path.withCString(body)
    }
  }
}

/// The arguments of the program, without its name, as text that can represent any bytes; `nil` if
/// not even the name is there. On Linux they are read from a file, which can fail: with no
/// descriptor left, there would seem to be no arguments.
package func programArguments() -> [String]? {
  guard CommandLine.argc > 0 else { return nil }
  return (1..<Int(CommandLine.argc)).compactMap { index in
    CommandLine.unsafeArgv[index].map { argument in
      PathText.text(of: UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
  }
}
