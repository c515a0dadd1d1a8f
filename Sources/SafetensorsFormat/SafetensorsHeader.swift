import ByteIO
import TensorModel

/// The JSON header of a safetensors file, as it is written.
struct SafetensorsHeader {
  /// What the header says about a tensor, not yet checked against anything else.
  struct Entry {
    let name: TensorName
    let elementType: ElementType
    let shape: [UInt64]
    /// The first byte, from the start of the data.
    let begin: UInt64
    /// One past the last byte, from the start of the data.
    let end: UInt64
    /// Where the entry's name is in the file.
    let fileOffset: Int
  }

  /// A field of a tensor's entry. Other fields are allowed, and skipped.
  enum Field: String, CaseIterable, Sendable {
    case dtype, shape
    case dataOffsets = "data_offsets"
  }

  static let metadataKey = "__metadata__"

  /// About how many bytes an entry takes, for reserving memory; not so few that a header could make
  /// the reader reserve a lot.
  private static let usualEntryByteCount = 128

  private(set) var entries: [Entry] = []
  private(set) var metadata: [SafetensorsMetadataEntry] = []
  private var names: Set<TensorName> = []
  private var scanner: LocatedScanner
  private let limits: Limits

  /// Parses a header.
  ///
  /// - Parameter fileOffset: where the text begins in its file, for errors.
  init(parsing text: ByteRegion, fileOffset: Int, limits: Limits) throws(SafetensorsError) {
    scanner = LocatedScanner(text, of: .header, fileOffset: fileOffset, limits: limits)
    self.limits = limits
    names.reserveCapacity(text.byteCount / Self.usualEntryByteCount)
    try scanner.beginObject()
    var hasMetadata = false
    while let key = try scanner.nextKey() {
      if key.hasBytes(of: Self.metadataKey) {
        if hasMetadata { throw .duplicateMetadata(fileOffset: scanner.valueOffset) }
        hasMetadata = true
        try parseMetadata()
      } else {
        try parseEntry(TensorName(key))
      }
    }
    try scanner.expectEnd()
  }

  private mutating func parseMetadata() throws(SafetensorsError) {
    switch try scanner.nextKind() {
    case .null: return try scanner.skipValue()
    case .object: break
    case let kind: throw .metadataKind(key: nil, found: kind, fileOffset: scanner.fileOffset)
    }
    try scanner.beginObject()
    var keys: Set<ByteText> = []
    while let key = try scanner.nextKey() {
      guard keys.insert(ByteText(key)).inserted else {
        throw .duplicateMetadataKey(key, fileOffset: scanner.valueOffset)
      }
      let kind = try scanner.nextKind()
      guard kind == .string else {
        throw .metadataKind(key: key, found: kind, fileOffset: scanner.fileOffset)
      }
      metadata.append(SafetensorsMetadataEntry(key: key, value: try scanner.string()))
    }
  }

  private mutating func parseEntry(_ name: TensorName) throws(SafetensorsError) {
    let fileOffset = scanner.valueOffset
    guard entries.count < limits.tensorCount else {
      throw .tooManyTensors(limit: limits.tensorCount, fileOffset: fileOffset)
    }
    guard names.insert(name).inserted else { throw .duplicateName(name, fileOffset: fileOffset) }
    try expect(.object, of: name, field: nil)
    try scanner.beginObject()

    var elementType: ElementType?
    var shape: [UInt64]?
    var offsets: [UInt64]?
    while let key = try scanner.nextKey() {
      let field = Field(rawValue: key)
      let isRepeated =
        switch field {
        case .dtype: elementType != nil
        case .shape: shape != nil
        case .dataOffsets: offsets != nil
        case nil: false
        }
      if isRepeated, let field {
        throw .duplicateField(name, field: field.rawValue, fileOffset: scanner.valueOffset)
      }
      switch field {
      case .dtype: elementType = try parseElementType(of: name)
      case .shape: shape = try parseCounts(of: name, field: .shape)
      case .dataOffsets: offsets = try parseOffsets(of: name)
      case nil: try scanner.skipValue()
      }
    }
    guard let elementType else { throw missing(.dtype, of: name, fileOffset) }
    guard let shape else { throw missing(.shape, of: name, fileOffset) }
    guard let offsets else { throw missing(.dataOffsets, of: name, fileOffset) }
    entries.append(
      Entry(
        name: name, elementType: elementType, shape: shape, begin: offsets[0], end: offsets[1],
        fileOffset: fileOffset))
  }

  private func missing(_ field: Field, of name: TensorName, _ fileOffset: Int) -> SafetensorsError {
    .missingField(name, field: field.rawValue, fileOffset: fileOffset)
  }

  private mutating func expect(
    _ kind: JSONKind, of name: TensorName, field: Field?
  ) throws(SafetensorsError) {
    let found = try scanner.nextKind()
    guard found == kind else {
      throw .entryKind(
        name, field: field?.rawValue, expected: kind, found: found, fileOffset: scanner.fileOffset)
    }
  }

  private mutating func parseElementType(
    of name: TensorName
  ) throws(SafetensorsError) -> ElementType {
    try expect(.string, of: name, field: .dtype)
    let tag = try scanner.string()
    guard let elementType = elementTypeByTag[tag] else {
      throw .unknownElementType(name, tag: tag, fileOffset: scanner.valueOffset)
    }
    return elementType
  }

  private mutating func parseOffsets(of name: TensorName) throws(SafetensorsError) -> [UInt64] {
    let fileOffset = scanner.fileOffset
    let offsets = try parseCounts(of: name, field: .dataOffsets)
    guard offsets.count == 2 else {
      throw .offsetCount(name, found: offsets.count, fileOffset: fileOffset)
    }
    return offsets
  }

  private mutating func parseCounts(
    of name: TensorName, field: Field
  ) throws(SafetensorsError) -> [UInt64] {
    try expect(.array, of: name, field: field)
    try scanner.beginArray()
    var counts: [UInt64] = []
    counts.reserveCapacity(4)
    while try scanner.hasNextElement() {
      try expect(.number, of: name, field: field)
      if field == .shape && counts.count == limits.rank {
        throw .tooManyDimensions(name, limit: limits.rank, fileOffset: scanner.fileOffset)
      }
      counts.append(try scanner.count())
    }
    return counts
  }
}
