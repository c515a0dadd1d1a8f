public import ByteIO
public import TensorModel

/// Numbers and names read off the real models, in `fixtures/gold/`.
public enum Gold {
  /// A file of the folder as JSON.
  public static func json(_ name: String) throws -> JSONValue {
    try JSONValue(parsing: Fixtures.bytes("gold/\(name)"))
  }

  /// The names and shapes of a model's state dict, in its order, as F32 tensors.
  public static func tensors(_ model: String) throws -> [TensorInfo] {
    guard let rows = try json("names.json")["models"]?[model]?.arrayValue else {
      throw UnknownModel(name: model)
    }
    return rows.compactMap { row in
      guard let name = row.arrayValue?.first?.stringValue,
        let shape = row.arrayValue?.last?.integerArray
      else { return nil }
      return TensorInfo(name: TensorName(name), elementType: .float32, shape: shape)
    }
  }

  /// A model that `names.json` does not have.
  public struct UnknownModel: Error {
    /// The name that was asked for.
    public let name: String
  }
}
