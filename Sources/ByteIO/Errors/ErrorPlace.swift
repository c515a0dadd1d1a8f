/// Where in a file an error was found.
public struct ErrorPlace: Equatable, Sendable {
  /// The part of the file that `byteOffset` counts from, such as a zip record; `nil`: the file.
  public var record: String?
  /// The first offending byte, counted from the start of `record` or of the file.
  public var byteOffset: Int?
  /// The tensor concerned, by its name in the file.
  public var tensor: String?

  /// Creates a place from what is known of it.
  public init(record: String? = nil, byteOffset: Int? = nil, tensor: String? = nil) {
    self.record = record
    self.byteOffset = byteOffset
    self.tensor = tensor
  }
}
