import ByteIO

/// One of the header's objects, read by key and kind of value.
struct HeaderFields {
  /// What value a key takes, and how it is read.
  struct Kind<Value> {
    let expected: String
    let read: (JSONValue) -> Value?
  }

  private let object: JSONObject
  private let path: String

  /// Takes a value that must be an object; `path` says where it is in the header.
  init(_ value: JSONValue, path: String = "") throws(NativeError) {
    object = try Self.read(value, .object, path)
    self.path = path
  }

  private func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private static func read<Value>(
    _ value: JSONValue, _ kind: Kind<Value>, _ path: String
  ) throws(NativeError) -> Value {
    guard let result = kind.read(value) else {
      throw .wrongValue(field: path, expected: kind.expected, found: describe(value))
    }
    return result
  }

  /// The value of a key that must be there.
  func required<Value>(_ key: String, _ kind: Kind<Value>) throws(NativeError) -> Value {
    guard let value = object[key] else { throw .missingField(path(of: key)) }
    return try Self.read(value, kind, path(of: key))
  }

  /// The value of a key that may be missing or null.
  func optional<Value>(_ key: String, _ kind: Kind<Value>) throws(NativeError) -> Value? {
    guard let value = object[key], value != .null else { return nil }
    return try Self.read(value, kind, path(of: key))
  }

  /// The elements of an array that must be there.
  func array<Value>(_ key: String, of kind: Kind<Value>) throws(NativeError) -> [Value] {
    var values: [Value] = []
    for (index, value) in try required(key, .array).enumerated() {
      values.append(try Self.read(value, kind, "\(path(of: key))[\(index)]"))
    }
    return values
  }

  /// The elements of an array that may be missing or null.
  func optionalArray<Value>(_ key: String, of kind: Kind<Value>) throws(NativeError) -> [Value]? {
    try optional(key, .array) == nil ? nil : array(key, of: kind)
  }

  /// The object of a key that must be there.
  func object(_ key: String) throws(NativeError) -> HeaderFields {
    try HeaderFields(.object(required(key, .object)), path: path(of: key))
  }

  /// The object of a key that may be missing or null.
  func optionalObject(_ key: String) throws(NativeError) -> HeaderFields? {
    guard let object = try optional(key, .object) else { return nil }
    return try HeaderFields(.object(object), path: path(of: key))
  }

  /// The objects of an array that must be there.
  func objects(_ key: String) throws(NativeError) -> [HeaderFields] {
    var objects: [HeaderFields] = []
    for (index, value) in try required(key, .array).enumerated() {
      objects.append(try HeaderFields(value, path: "\(path(of: key))[\(index)]"))
    }
    return objects
  }

  private static func describe(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .bigInteger(let digits): digits
    case .number(let value): "\(value)"
    case .string(let value): quoted(value)
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension HeaderFields.Kind where Value == String {
  static var string: Self { Self(expected: "a string", read: \.stringValue) }

  /// The one string that is allowed.
  static func exactly(_ text: String) -> Self {
    Self(expected: quoted(text)) { $0 == .string(text) ? text : nil }
  }
}

extension HeaderFields.Kind where Value == Int {
  static var count: Self {
    Self(expected: "a whole number from 0 to 2^63-1") { value in
      value.integerValue.flatMap { $0 >= 0 ? $0 : nil }
    }
  }

  /// The two numbers that are allowed.
  static func either(_ first: Int, _ second: Int) -> Self {
    Self(expected: "\(first) or \(second)") { value in
      value.integerValue.flatMap { $0 == first || $0 == second ? $0 : nil }
    }
  }
}

extension HeaderFields.Kind where Value == Double {
  static var number: Self {
    Self(expected: "a number from 0 on") { value in
      value.numberValue.flatMap { $0 >= 0 ? $0 : nil }
    }
  }
}

extension HeaderFields.Kind where Value == SHA256Digest {
  static var digest: Self {
    Self(expected: "64 hexadecimal digits") { value in
      value.stringValue.flatMap { SHA256Digest(hex: $0) }
    }
  }
}

extension HeaderFields.Kind where Value == [JSONValue] {
  static var array: Self { Self(expected: "an array", read: \.arrayValue) }
}

extension HeaderFields.Kind where Value == JSONObject {
  static var object: Self { Self(expected: "an object", read: \.objectValue) }
}

extension HeaderFields.Kind where Value == JSONValue {
  static var any: Self { Self(expected: "any value") { $0 } }
}
