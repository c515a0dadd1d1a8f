public import ByteIO
public import TensorModel

/// The index of a checkpoint that is split over several files: which tensor is in which shard.
///
/// One format serves `model.safetensors.index.json` and `pytorch_model.bin.index.json`. Shard names
/// come from the file and are about to be opened, so only plain names are accepted: one component
/// of letters, digits, `_`, `-` and `.` that begins with a letter, a digit or `_`.
public struct ShardIndex: Sendable {
  /// Where a tensor is.
  public struct Entry: Equatable, Sendable {
    /// The tensor's name.
    public let tensor: TensorName
    /// The name of a file in the index's folder.
    public let shard: String
  }

  /// The tensors in the order of the index.
  public let weightMap: [Entry]
  /// The names of the shards, each once, in the order of their first tensors.
  public let shards: [String]
  /// The strings in the index's own metadata, in its order: `huggingface_hub` puts there what would
  /// be in the header of a single file. Totals, such as `total_size`, are left out, because they
  /// describe the shards and nothing relies on them.
  public let metadata: [SafetensorsMetadataEntry]

  /// The extensions that shards can have.
  private static let shardExtensions = ["safetensors", "bin"]

  /// Reads an index.
  ///
  /// - Parameter shardExtension: The extension (without its dot) that every shard must have,
  ///   because an index of safetensors must not lead to a pickle; `nil` means that of the first
  ///   shard, which must be `safetensors` or `bin`.
  ///
  /// Throws for the first rule that is broken. Names that occur twice are refused.
  public init(
    parsing region: ByteRegion, shardExtension: String? = nil, limits: Limits = .standard
  ) throws(SafetensorsError) {
    guard region.byteCount <= limits.headerByteCount else {
      throw .indexTooLarge(byteCount: region.byteCount, limit: limits.headerByteCount)
    }
    var parser = ShardIndexParser(region, shardExtension: shardExtension, limits: limits)
    try parser.parse()
    guard let weightMap = parser.weightMap else { throw .weightMapMissing }
    self.weightMap = weightMap
    shards = parser.shards
    metadata = parser.metadata
  }

  /// The extension that the shards of an index must have, according to the index's own file name:
  /// `safetensors` for `model.safetensors.index.json`; `nil` for other names.
  public static func shardExtension(ofIndexNamed name: String) -> String? {
    shardExtensions.first { name.lowercased().hasSuffix(".\($0).index.json") }
  }

  /// How many shards there are, according to the name of one: 3 for
  /// `model-00001-of-00003.safetensors`; `nil` for other names.
  public static func shardCount(ofShardNamed name: String) -> Int? {
    guard let match = name.firstMatch(of: /-[0-9]{5}-of-([0-9]{5})\.[a-z]+$/) else { return nil }
    return Int(match.1)
  }

  /// The extension of a shard's name, if it is one of those that shards can have.
  static func knownExtension(of shard: String) -> String? {
    shardExtensions.first { shard.hasSuffix(".\($0)") }
  }
}

/// Parses an index front to back.
private struct ShardIndexParser {
  private(set) var weightMap: [ShardIndex.Entry]?
  private(set) var shards: [String] = []
  private(set) var metadata: [SafetensorsMetadataEntry] = []

  private var scanner: LocatedScanner
  private var shardExtension: String?
  private let limits: Limits

  init(_ text: ByteRegion, shardExtension: String?, limits: Limits) {
    scanner = LocatedScanner(text, of: .shardIndex, limits: limits)
    self.shardExtension = shardExtension
    self.limits = limits
  }

  mutating func parse() throws(SafetensorsError) {
    try expect(.object, key: nil)
    try scanner.beginObject()
    var keys: Set<ByteText> = []
    while let key = try scanner.nextKey() {
      guard keys.insert(ByteText(key)).inserted else {
        throw .duplicateIndexKey(key, fileOffset: scanner.valueOffset)
      }
      switch key {
      case "metadata": try parseMetadata()
      case "weight_map": try parseWeightMap()
      default: try scanner.skipValue()
      }
    }
    try scanner.expectEnd()
  }

  private mutating func expect(_ kind: JSONKind, key: String?) throws(SafetensorsError) {
    let found = try scanner.nextKind()
    guard found == kind else {
      throw .indexKind(key: key, expected: kind, found: found, fileOffset: scanner.fileOffset)
    }
  }

  private mutating func parseMetadata() throws(SafetensorsError) {
    if try scanner.nextKind() == .null { return try scanner.skipValue() }
    try expect(.object, key: "metadata")
    try scanner.beginObject()
    var keys: Set<ByteText> = []
    while let key = try scanner.nextKey() {
      let isTotal = key.utf8.starts(with: "total_".utf8)
      guard try scanner.nextKind() == .string, !isTotal else {
        try scanner.skipValue()
        continue
      }
      guard keys.insert(ByteText(key)).inserted else {
        throw .duplicateIndexKey(key, fileOffset: scanner.valueOffset)
      }
      metadata.append(SafetensorsMetadataEntry(key: key, value: try scanner.string()))
    }
  }

  private mutating func parseWeightMap() throws(SafetensorsError) {
    try expect(.object, key: "weight_map")
    try scanner.beginObject()
    var entries: [ShardIndex.Entry] = []
    var names: Set<TensorName> = []
    var known: Set<ByteText> = []
    while let key = try scanner.nextKey() {
      let name = TensorName(key)
      guard entries.count < limits.tensorCount else {
        throw .tooManyTensors(limit: limits.tensorCount, fileOffset: scanner.valueOffset)
      }
      guard names.insert(name).inserted else {
        throw .duplicateName(name, fileOffset: scanner.valueOffset)
      }
      try expect(.string, key: key)
      let shard = try scanner.string()
      try check(shard, of: name)
      if known.insert(ByteText(shard)).inserted {
        guard shards.count < limits.shardCount else {
          throw .tooManyShards(limit: limits.shardCount, fileOffset: scanner.valueOffset)
        }
        shards.append(shard)
      }
      entries.append(ShardIndex.Entry(tensor: name, shard: shard))
    }
    weightMap = entries
  }

  private mutating func check(_ shard: String, of name: TensorName) throws(SafetensorsError) {
    guard isPlainFileName(shard) else {
      throw .unsafeShardName(name, shard: shard, fileOffset: scanner.valueOffset)
    }
    let expected = shardExtension ?? ShardIndex.knownExtension(of: shard) ?? "safetensors"
    guard shard.hasSuffix(".\(expected)") else {
      throw .shardExtension(
        name, shard: shard, expected: expected, fileOffset: scanner.valueOffset)
    }
    shardExtension = expected
  }

  private func isPlainFileName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first.isASCIIWord else { return false }
    return name.utf8.count <= 255
      && name.utf8.allSatisfy {
        $0.isASCIIWord || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      }
  }
}
