import ByteIO
import SafetensorsFormat
import TensorModel
import Testing

@Suite("ShardIndex")
struct ShardIndexTests {
  private func index(_ text: String, shardExtension: String? = nil) throws -> ShardIndex {
    try ShardIndex(parsing: ByteRegion(copying: text.utf8), shardExtension: shardExtension)
  }

  private func index(mapping shard: String, shardExtension: String? = nil) throws -> ShardIndex {
    try index(#"{"weight_map":{"w":"\#(shard)"}}"#, shardExtension: shardExtension)
  }

  @Test("tensors and shards keep the order of the index")
  func reading() throws {
    let index = try index(
      #"{"metadata":{"total_size":82276,"x":[1]},"weight_map":{"b":"model-00002-of-00002.safetensors","#
        + #""a":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors"},"other":[]}"#
    )
    #expect(index.weightMap.map(\.tensor) == ["b", "a", "c"])
    #expect(
      index.weightMap.map(\.shard) == [2, 1, 2].map { "model-0000\($0)-of-00002.safetensors" })
    #expect(index.shards == [2, 1].map { "model-0000\($0)-of-00002.safetensors" })
  }

  @Test("texts of the metadata are kept in their order, and nothing else of it")
  func metadata() throws {
    let index = try index(
      #"{"metadata":{"b":"2","total_size":"1","total_parameters":2,"x":["y"],"a":"\u00e9"},"weight_map":{}}"#
    )
    #expect(
      index.metadata == [
        SafetensorsMetadataEntry(key: "b", value: "2"),
        SafetensorsMetadataEntry(key: "a", value: "\u{E9}"),
      ])
  }

  @Test("metadata may be missing or null, and the map may be empty")
  func little() throws {
    #expect(try index(#"{"weight_map":{}}"#).weightMap == [])
    #expect(try index(#"{"metadata":null,"weight_map":{}}"#).weightMap == [])
    #expect(try index(#"{"metadata":{"a":1,"a":2},"weight_map":{}}"#).weightMap == [])
  }

  @Test(
    "plain file names are shards",
    arguments: [
      "model.safetensors", "model-00001-of-00003.safetensors", "_.safetensors", "0.safetensors",
      "a..b.safetensors", "A_b-c.1.safetensors",
    ])
  func plainNames(name: String) throws {
    #expect(try index(mapping: name).shards == [name])
  }

  @Test(
    "everything else is refused before it can be opened",
    arguments: [
      "../model.safetensors", "/etc/model.safetensors", "sub/model.safetensors",
      #"a\\b.safetensors"#,
      ".hidden.safetensors", "-flag.safetensors", "~.safetensors", "", "..", ".safetensors",
      #"a\u0000.safetensors"#, "a%2eb.safetensors", "file:a.safetensors", "a b.safetensors",
      "C:a.safetensors", "é.safetensors", "model-\u{212A}.safetensors",
      String(repeating: "a", count: 300) + ".safetensors",
    ])
  func unsafeNames(name: String) throws {
    let error = #expect(throws: SafetensorsError.self) { try index(mapping: name) }
    #expect(error?.rule == "shard-name")
    #expect(error?.place == ErrorPlace(byteOffset: 19, tensor: "w"))
  }

  @Test("a name that Unicode calls the same as a plain one is not plain")
  func equivalentName() {
    #expect(
      throws: SafetensorsError.unsafeShardName("v", shard: "\u{212A}.safetensors", fileOffset: 39)
    ) {
      try index("{\"weight_map\":{\"w\":\"K.safetensors\",\"v\":\"\u{212A}.safetensors\"}}")
    }
  }

  @Test("all shards have the extension of the index, or of the first shard")
  func extensions() throws {
    #expect(try index(mapping: "a.bin").shards == ["a.bin"])
    #expect(try index(mapping: "a.bin", shardExtension: "bin").shards == ["a.bin"])
    #expect(
      throws: SafetensorsError.shardExtension(
        "w", shard: "a.bin", expected: "safetensors", fileOffset: 19)
    ) { try index(mapping: "a.bin", shardExtension: "safetensors") }
    #expect(
      throws: SafetensorsError.shardExtension(
        "w", shard: "a.pkl", expected: "safetensors", fileOffset: 19)
    ) { try index(mapping: "a.pkl") }
    #expect(
      throws: SafetensorsError.shardExtension(
        "v", shard: "b.bin", expected: "safetensors", fileOffset: 39)
    ) { try index(#"{"weight_map":{"w":"a.safetensors","v":"b.bin"}}"#) }
  }

  @Test("an index does not name more shards than the limit")
  func shardCount() throws {
    var limits = Limits.standard
    limits.shardCount = 2
    func parse(_ count: Int) throws -> ShardIndex {
      let map = (0..<count).map { "\"w\($0)\":\"s\($0 % 100).bin\"" }.joined(separator: ",")
      let text = "{\"weight_map\":{\(map)}}"
      return try ShardIndex(parsing: ByteRegion(copying: text.utf8), limits: limits)
    }
    #expect(try parse(2).shards.count == 2)
    #expect(throws: SafetensorsError.tooManyShards(limit: 2, fileOffset: 48)) { try parse(3) }
  }

  @Test(
    "the extension of the shards is told by the index' name",
    arguments: [
      ("model.safetensors.index.json", "safetensors"), ("pytorch_model.bin.index.json", "bin"),
      ("MODEL.SAFETENSORS.INDEX.JSON", "safetensors"), ("index.json", nil),
      ("model.safetensors", nil), ("safetensors.index.json", nil),
    ] as [(String, String?)])
  func indexNames(name: String, expected: String?) {
    #expect(ShardIndex.shardExtension(ofIndexNamed: name) == expected)
  }

  @Test(
    "each broken rule has its error",
    arguments: [
      ("", .indexJSON(.unexpected(expected: "a JSON value", found: nil), fileOffset: 0)),
      ("[]", .indexKind(key: nil, expected: .object, found: .array, fileOffset: 0)),
      ("{}", .weightMapMissing),
      (#"{"weight_map":{}}x"#, .indexJSON(.trailingBytes, fileOffset: 17)),
      (
        #"{"weight_map":[]}"#,
        .indexKind(key: "weight_map", expected: .object, found: .array, fileOffset: 14)
      ),
      (
        #"{"weight_map":{"w":1}}"#,
        .indexKind(key: "w", expected: .string, found: .number, fileOffset: 19)
      ),
      (
        #"{"metadata":"x","weight_map":{}}"#,
        .indexKind(key: "metadata", expected: .object, found: .string, fileOffset: 12)
      ),
      (
        #"{"metadata":{"a":[1,},"weight_map":{}}"#,
        .indexJSON(.unexpected(expected: "a JSON value", found: UInt8(ascii: "}")), fileOffset: 20)
      ),
      (
        #"{"weight_map":{},"weight_map":{}}"#,
        .duplicateIndexKey("weight_map", fileOffset: 17)
      ),
      (#"{"x":1,"x":1,"weight_map":{}}"#, .duplicateIndexKey("x", fileOffset: 7)),
      (
        #"{"metadata":{"x":"1","x":"1"},"weight_map":{}}"#,
        .duplicateIndexKey("x", fileOffset: 21)
      ),
      (
        #"{"weight_map":{"w":"a.bin","w":"b.bin"}}"#, .duplicateName("w", fileOffset: 27)
      ),
    ] as [(String, SafetensorsError)])
  func faults(text: String, error: SafetensorsError) {
    #expect(throws: error) { try index(text) }
  }

  @Test("text that is not UTF-8 is refused")
  func utf8() {
    let bytes = Array(#"{"weight_map":{"w"#.utf8) + [0xFF] + Array(#"":"a.bin"}}"#.utf8)
    #expect(throws: SafetensorsError.indexJSON(.invalidUTF8, fileOffset: 16)) {
      try ShardIndex(parsing: ByteRegion(copying: bytes))
    }
  }

  @Test("the limits are the caller's")
  func limits() throws {
    let text = ByteRegion(copying: #"{"weight_map":{"v":"a.bin","w":"a.bin"}}"#.utf8)
    var limits = Limits()
    limits.headerByteCount = text.byteCount
    limits.tensorCount = 2
    #expect(try ShardIndex(parsing: text, limits: limits).weightMap.count == 2)
    limits.tensorCount = 1
    #expect(throws: SafetensorsError.tooManyTensors(limit: 1, fileOffset: 27)) {
      try ShardIndex(parsing: text, limits: limits)
    }
    limits.headerByteCount -= 1
    #expect(throws: SafetensorsError.indexTooLarge(byteCount: 40, limit: 39)) {
      try ShardIndex(parsing: text, limits: limits)
    }
  }

  @Test(
    "the name of a shard says how many there are",
    arguments: [
      ("model-00001-of-00003.safetensors", 3), ("pytorch_model-00012-of-00120.bin", 120),
      ("model.safetensors", nil), ("model-1-of-3.safetensors", nil),
      ("model-00001-of-00003", nil), ("", nil),
    ] as [(String, Int?)])
  func shardCount(_ name: String, _ count: Int?) {
    #expect(ShardIndex.shardCount(ofShardNamed: name) == count)
  }
}
