import ByteIO

/// A tensor's name, compared by its UTF-8 bytes.
///
/// `String` merges names that are canonically equivalent, such as "é" written as one scalar or as
/// two; files do hold both, as different tensors.
public struct TensorName: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let text: ByteText

  /// The name.
  public var string: String { text.string }

  /// Creates a name from a text as it is.
  public init(_ string: String) { text = ByteText(string) }

  /// The name's UTF-8 bytes.
  public var utf8: String.UTF8View { string.utf8 }

  /// The name.
  public var description: String { string }

  /// The order of the UTF-8 bytes.
  public static func < (left: TensorName, right: TensorName) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

extension TensorName: ExpressibleByStringInterpolation {
  /// A name from a literal.
  public init(stringLiteral value: String) { self.init(value) }
}
