import ByteIO
import Testing

@Suite("JSONValue")
struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: ByteRegion(copying: text.utf8))
  }

  @Test(
    "values are parsed as what they are",
    arguments: [
      ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("-7", .integer(-7)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .bigInteger("9223372036854775808")), ("1.0", .number(1)),
      ("-2.5e3", .number(-2500)), ("1e-400", .number(0)), (#""a\nb""#, .string("a\nb")),
      ("[1,[]]", .array([.integer(1), .array([])])), ("{}", .object([:])),
      (#"{"b":1,"a":{"c":"d"}}"#, .object(["b": .integer(1), "a": .object(["c": .string("d")])])),
    ] as [(String, JSONValue)])
  func parsing(text: String, expected: JSONValue) throws {
    #expect(try parse(text) == expected)
  }

  @Test("numbers that a double cannot hold are refused")
  func hugeNumber() {
    let error = #expect(throws: JSONError.self) { try parse("[1e999]") }
    #expect(error?.reason == .numberTooLarge)
    #expect(error?.offset == 1)
  }

  @Test("a key that occurs twice is refused at its second place, however it is written")
  func duplicateKeys() {
    let error = #expect(throws: JSONError.self) { try parse(#"{"a":1,"b":2,"\u0061":3}"#) }
    #expect(error?.reason == .duplicateKey("a"))
    #expect(error?.offset == 13)
  }

  @Test("keys that Unicode calls equivalent are different keys")
  func equivalentKeys() throws {
    let value = try parse("{\"\u{E9}\":1,\"e\u{301}\":2,\"K\":3,\"\u{212A}\":4}")
    #expect(value["\u{E9}"] == .integer(1))
    #expect(value["e\u{301}"] == .integer(2))
    #expect(value["\u{212A}"] == .integer(4))
    #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
  }

  @Test("the depth limit is the caller's")
  func depth() throws {
    var limits = Limits()
    limits.jsonDepth = 2
    let text = ByteRegion(copying: "[[[]]]".utf8)
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: limits) }
    #expect(error?.reason == .tooDeep(limit: 2))
    #expect(error?.offset == 2)
    limits.jsonDepth = 3
    #expect(try JSONValue(parsing: text, limits: limits) == .array([.array([.array([])])]))
  }

  @Test("a value is given where it is of the kind that is asked for")
  func access() throws {
    let value = try parse(#"{"i":3,"d":1.5,"s":"x","b":true,"a":[1,2],"m":[1,"2"],"n":null}"#)
    #expect(value["i"]?.integerValue == 3)
    #expect(value["i"]?.numberValue == 3)
    #expect(value["d"]?.numberValue == 1.5)
    #expect(value["d"]?.integerValue == nil)
    #expect(value["s"]?.stringValue == "x")
    #expect(value["s"]?.numberValue == nil)
    #expect(value["b"]?.boolValue == true)
    #expect(value["b"]?.stringValue == nil)
    #expect(value["a"]?.integerArray == [1, 2])
    #expect(value["a"]?.arrayValue?.count == 2)
    #expect(value["m"]?.integerArray == nil)
    #expect(value["s"]?.integerArray == nil)
    #expect(value["n"] == .null)
    #expect(value["missing"] == nil)
    #expect(value["a"]?["i"] == nil)
    #expect(value.objectValue?.entries.map(\.key) == ["i", "d", "s", "b", "a", "m", "n"])
    #expect(value["i"]?.objectValue == nil)
    #expect(value["i"]?.boolValue == nil)
    #expect(value["i"]?.arrayValue == nil)
  }

  @Test("values are made from what there is")
  func making() {
    #expect(JSONValue.integers([1, 2]) == .array([.integer(1), .integer(2)]))
    #expect(JSONValue.optional(3, JSONValue.integer) == .integer(3))
    #expect(JSONValue.optional(nil, JSONValue.integer) == .null)
  }

  @Test("assigning to a key changes its value and keeps its place")
  func assignment() {
    var object = JSONObject()
    object["a"] = .integer(1)
    object["b"] = .integer(2)
    object["a"] = .integer(3)
    object["c"] = nil
    #expect(object.entries == [.init(key: "a", 3), .init(key: "b", 2)])
    #expect(object["c"] == nil)
  }

  @Test("objects of any number of entries find each key", arguments: [1, 8, 9, 10, 300])
  func manyEntries(count: Int) {
    var object = JSONObject()
    for number in 0..<count { object["key \(number)"] = .integer(number) }
    for number in 0..<count { object["key \(number)"] = .integer(2 * number) }
    object["key 0"] = nil
    #expect(object.entries.map(\.value) == (0..<count).map { .integer(2 * $0) })
    #expect((0..<count).allSatisfy { object["key \($0)"] == .integer(2 * $0) })
    #expect(object["key \(count)"] == nil)
  }

  @Test("objects are equal when their entries are, in order")
  func equality() {
    #expect(JSONValue.object(["a": .null, "b": .null]) == .object(["a": .null, "b": .null]))
    #expect(JSONValue.object(["a": .null, "b": .null]) != .object(["b": .null, "a": .null]))
    #expect(JSONValue.integer(1) != .number(1))
    let big = JSONValue.bigInteger("9223372036854775808")
    #expect(big.numberValue == 0x1p63 && big.integerValue == nil)
    #expect(big != .bigInteger("9223372036854775809"))
    #expect(JSONValue.bool(false) != .null)
  }
}

extension JSONObject.Entry {
  /// An entry of an object, by way of one, for entries have no public initializer.
  fileprivate init(key: String, _ value: Int) {
    var object = JSONObject()
    object[key] = .integer(value)
    self = object.entries[0]
  }
}
