/// Where in a file an error was found.
public struct ErrorPlace: Equatable, Sendable {
  /// What a byte offset counts from.
  public enum Origin: String, Sendable {
    /// The first byte of the file.
    case file
    /// The first byte of the record.
    case record
  }

  /// The part of the file that is concerned, such as a zip record; `nil`: none in particular.
  public var record: String?
  /// The first offending byte, counted from `origin`.
  public var byteOffset: Int?
  /// What `byteOffset` counts from. A record's header, for one, is found by its place in the file.
  public var origin: Origin
  /// The tensor concerned, by its name in the file.
  public var tensor: String?

  /// Creates a place from what is known of it.
  ///
  /// - Parameter origin: What `byteOffset` counts from; `nil`: the record, where there is one.
  public init(
    record: String? = nil, byteOffset: Int? = nil, from origin: Origin? = nil,
    tensor: String? = nil
  ) {
    self.record = record
    self.byteOffset = byteOffset
    self.origin = origin ?? (record == nil ? .file : .record)
    self.tensor = tensor
  }

  /// The place in words: `byte 104 of data.pkl, tensor 'stem.0.weight'`; `nil` where nothing is
  /// known of it. Names are escaped.
  public var sentence: String? {
    var parts: [String] = []
    switch (record, byteOffset) {
    case (let record?, let offset?):
      parts.append(
        origin == .record
          ? "byte \(offset) of \(escaped(record))"
          : "\(escaped(record)), byte \(offset) of the file")
    case (let record?, nil): parts.append(escaped(record))
    case (nil, let offset?): parts.append("byte \(offset)")
    case (nil, nil): break
    }
    if let tensor { parts.append("tensor \(quoted(tensor))") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
