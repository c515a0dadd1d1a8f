import ByteIO
import NativeFormat
import SafetensorsFormat
import TensorModel

/// A safetensors file's description of quantized tensors, for which its own header has no place: a
/// JSON object keyed by tensor name, stored as text under one key of the metadata.
///
/// Each value has the keys of `quantization` in a `.convnext` file.
enum QuantizationMetadata {
  /// The entry for some quantized tensors; `nil` if there are none.
  static func entry(of tensors: [QuantizedTensor]) -> SafetensorsMetadataEntry? {
    guard !tensors.isEmpty else { return nil }
    var object = JSONObject()
    for tensor in tensors {
      object[tensor.codes.name.string] = tensor.quantization.declaration.json
    }
    return SafetensorsMetadataEntry(
      key: OwnMetadata.quantizationKey, value: JSONValue.object(object).serialized())
  }

  /// Reads the entry, if there is one.
  ///
  /// Throws `InputError.invalidQuantization` if it is not such a text, and `QuantizationError` for
  /// values that are not known.
  static func quantizations(
    in metadata: [SafetensorsMetadataEntry], limits: Limits
  ) throws -> [(name: TensorName, quantization: Quantization)] {
    guard let text = metadata.first(where: { $0.key == OwnMetadata.quantizationKey })?.value
    else { return [] }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: ByteRegion(copying: text.utf8), limits: limits)
    } catch { throw InputError.invalidQuantization(reason: "it is not valid JSON: \(error)") }
    guard let object = json.objectValue else {
      throw InputError.invalidQuantization(reason: "it is not an object")
    }
    return try object.entries.map { entry in
      let name = TensorName(entry.key)
      return (name, try Quantization(declaration(entry.value, of: name), of: name))
    }
  }

  private static func declaration(
    _ value: JSONValue, of name: TensorName
  ) throws(InputError) -> Quantization.Declaration {
    let blockSize = value["blockSize"] ?? .null
    guard let scheme = value["scheme"]?.stringValue, let axis = value["axis"]?.integerValue,
      blockSize == .null || blockSize.integerValue != nil,
      let scale = value["scale"]?.stringValue, let sourceType = value["sourceType"]?.stringValue
    else {
      throw .invalidQuantization(
        reason: "\(quoted(name.string)) needs scheme, axis, blockSize, scale and sourceType")
    }
    return Quantization.Declaration(
      scheme: scheme, axis: axis, blockSize: blockSize.integerValue, scale: scale,
      sourceType: sourceType)
  }
}
