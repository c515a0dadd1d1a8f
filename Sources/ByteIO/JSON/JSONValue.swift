/// A JSON value as a tree. Objects keep the order of their entries.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// A number written as a whole number that fits in 64 signed bits.
  case integer(Int)
  /// A number written as a whole number that does not fit, by its digits; it fits in a `Double`,
  /// which has fewer of them.
  case bigInteger(String)
  /// Any other number.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Parses a text that holds one value.
  ///
  /// Throws `JSONError` where the text breaks a rule of RFC 8259 or an object has a key twice.
  public init(parsing text: ByteRegion, limits: Limits = .standard) throws(JSONError) {
    var scanner = JSONScanner(text, depthLimit: limits.jsonDepth)
    self = try scanner.value()
    try scanner.expectEnd()
  }

  /// An object with the given entries, in this order.
  public static func object(_ entries: KeyValuePairs<String, JSONValue>) -> JSONValue {
    var object = JSONObject()
    for (key, value) in entries { object[key] = value }
    return .object(object)
  }

  /// `null` for `nil`, else the value.
  public static func optional<Value>(
    _ value: Value?, _ make: (Value) -> JSONValue
  ) -> JSONValue {
    value.map(make) ?? .null
  }

  /// An array of whole numbers.
  public static func integers(_ values: some Sequence<Int>) -> JSONValue {
    .array(values.map { .integer($0) })
  }

  /// The text of a string, else `nil`.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  /// A whole number, else `nil`.
  public var integerValue: Int? { if case .integer(let value) = self { value } else { nil } }
  /// Any number, else `nil`.
  public var numberValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .bigInteger(let digits): Double(digits)
    case .number(let value): value
    default: nil
    }
  }
  /// A truth value, else `nil`.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// An array's elements, else `nil`.
  public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// An object's entries, else `nil`.
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }
  /// The whole numbers of an array that holds nothing else, else `nil`.
  public var integerArray: [Int]? {
    guard let values = arrayValue else { return nil }
    let integers = values.compactMap(\.integerValue)
    return integers.count == values.count ? integers : nil
  }

  /// The value of an object's entry; `nil` for other values and missing keys.
  public subscript(key: String) -> JSONValue? { objectValue?[key] }

  /// The value of an object's entry; `nil` for `null` too, which Python programs write for what was
  /// left out.
  public subscript(nonNull key: String) -> JSONValue? {
    if let value = self[key], value != .null { value } else { nil }
  }
}

extension JSONValue: Equatable {
  /// Whether both are of the same kind and hold the same; strings are compared by their UTF-8
  /// bytes.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.bigInteger(let left), .bigInteger(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.hasBytes(of: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }
}

extension JSONScanner {
  /// The next value as a tree.
  ///
  /// Throws `JSONError` where the text breaks a rule of RFC 8259 or an object has a key twice.
  public mutating func value() throws(JSONError) -> JSONValue {
    switch peek() {
    case UInt8(ascii: "{"):
      try beginObject()
      var object = JSONObject()
      while let key = try nextKey() {
        if object[key] != nil { throw error(.duplicateKey(key), at: valueOffset) }
        object[key] = try value()
      }
      return .object(object)
    case UInt8(ascii: "["):
      try beginArray()
      var elements: [JSONValue] = []
      while try hasNextElement() { elements.append(try value()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where isNumberStart(byte): return try number()
    default: return try word()
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
}
