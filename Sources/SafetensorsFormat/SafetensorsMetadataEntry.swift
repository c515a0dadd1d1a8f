import ByteIO

/// An entry of a safetensors file's `__metadata__`.
public struct SafetensorsMetadataEntry: Equatable, Sendable {
  /// The entry's name.
  public var key: String
  /// Free text; the format gives it no meaning.
  public var value: String

  /// Creates an entry from its parts.
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }

  /// Whether keys and values are equal byte by byte.
  public static func == (left: SafetensorsMetadataEntry, right: SafetensorsMetadataEntry) -> Bool {
    left.key.hasBytes(of: right.key) && left.value.hasBytes(of: right.value)
  }
}
