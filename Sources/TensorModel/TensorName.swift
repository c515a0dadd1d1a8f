/// A tensor's name, compared by its UTF-8 bytes.
///
/// `String` merges names that are canonically equivalent, such as "é" written as one scalar or as
/// two; files do hold both, as different tensors.
public struct TensorName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name.
  public let string: String

  /// Creates a name from a text as it is.
  public init(_ string: String) { self.string = string }

  /// The name's UTF-8 bytes.
  public var utf8: String.UTF8View { string.utf8 }

  /// The name.
  public var description: String { string }

  /// Whether the UTF-8 bytes are equal.
  public static func == (left: TensorName, right: TensorName) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return left.withUTF8Bytes { left in right.withUTF8Bytes { left.elementsEqual($0) } }
  }

  /// The order of the UTF-8 bytes.
  public static func < (left: TensorName, right: TensorName) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// Feeds the UTF-8 bytes to a hasher.
  public func hash(into hasher: inout Hasher) {
    withUTF8Bytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Names fill hash tables by the hundred thousand, where iterating byte by byte is noticeable.
  private func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    string.utf8.withContiguousStorageIfAvailable(body)
      ?? Array(string.utf8).withUnsafeBufferPointer(body)
  }
}

extension TensorName: ExpressibleByStringInterpolation {
  /// A name from a literal.
  public init(stringLiteral value: String) { self.init(value) }
}
