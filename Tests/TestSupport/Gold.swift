public import ByteIO
public import TensorModel

/// Numbers and names read off the real models, in `fixtures/gold/`.
public enum Gold {
  /// A file of the folder as JSON.
  public static func json(_ name: String) throws -> JSONValue {
    try JSONValue(parsing: Fixtures.bytes("gold/\(name)"))
  }

  /// The names and shapes of a model's state dict as F32 tensors.
  public static func tensors(_ model: String) throws -> [TensorInfo] {
    guard let rows = try json("names.json")["models"]?[model]?.arrayValue else {
      throw UnknownModel(name: model)
    }
    return rows.flatMap { row -> [TensorInfo] in
      guard let name = row.arrayValue?.first?.stringValue,
        let shape = row.arrayValue?.last?.integerArray
      else { return [] }
      return expanded(name).map {
        TensorInfo(name: TensorName($0), elementType: .float32, shape: shape)
      }
    }
  }

  /// The names that a name with a range such as `[0-8]` stands for.
  private static func expanded(_ name: String) -> [String] {
    guard let open = name.firstIndex(of: "["), let close = name.firstIndex(of: "]") else {
      return [name]
    }
    let bounds = name[name.index(after: open)..<close].split(separator: "-").compactMap { Int($0) }
    return (bounds[0]...bounds[1]).map {
      name[..<open] + String($0) + name[name.index(after: close)...]
    }
  }

  /// A model that `names.json` does not have.
  public struct UnknownModel: Error {
    /// The name that was asked for.
    public let name: String
  }
}
