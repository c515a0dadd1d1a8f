/// A tensor's name, compared by its UTF-8 bytes.
///
/// `String` merges names that are canonically equivalent, such as "é" written as one scalar or as
/// two; files do hold both, as different tensors.
public struct TensorName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name.
  public let string: String

  /// Takes a name as it is.
  public init(_ string: String) { self.string = string }

  /// The name's UTF-8 bytes.
  public var utf8: String.UTF8View { string.utf8 }

  /// The name.
  public var description: String { string }

  /// Whether the UTF-8 bytes are equal.
  public static func == (left: TensorName, right: TensorName) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  /// The order of the UTF-8 bytes.
  public static func < (left: TensorName, right: TensorName) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// Feeds the UTF-8 bytes to a hasher.
  public func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension TensorName: ExpressibleByStringLiteral {
  /// A name from a literal.
  public init(stringLiteral value: String) { self.init(value) }
}
