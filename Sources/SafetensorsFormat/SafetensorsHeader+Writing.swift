import ByteIO
import TensorModel

extension SafetensorsHeader {
  /// The JSON text of a header as the reference implementation (serde_json) writes it, padded with
  /// spaces to a multiple of 8 bytes.
  ///
  /// - Parameters:
  ///   - offsets: Where each tensor begins in the data, followed by where the data ends.
  ///   - limit: The most bytes that readers accept.
  static func text(
    tensors: [Tensor], offsets: [Int], metadata: [SafetensorsMetadataEntry],
    limit: Int = Limits.standard.headerByteCount
  ) throws(SafetensorsError) -> [UInt8] {
    var text: [UInt8] = []
    text.append(utf8: "{")
    if !metadata.isEmpty {
      text.append(utf8: "\"\(metadataKey)\":{")
      try append(metadata, to: &text)
      text.append(utf8: "}")
    }
    for (index, tensor) in tensors.enumerated() {
      if index > 0 || !metadata.isEmpty { text.append(utf8: ",") }
      appendJSONString(tensor.name.string, to: &text)
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      text.append(
        utf8: ":{\"dtype\":\"\(tensor.elementType.name)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offsets[index]),\(offsets[index + 1])]}")
    }
    text.append(utf8: "}")
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }

    guard text.count <= limit else {
      throw .outputHeaderTooLarge(byteCount: text.count, limit: limit)
    }
    return text
  }

  private static func append(
    _ metadata: [SafetensorsMetadataEntry], to text: inout [UInt8]
  ) throws(SafetensorsError) {
    var keys: Set<ByteText> = []
    for (index, entry) in metadata.enumerated() {
      guard keys.insert(ByteText(entry.key)).inserted else {
        throw .duplicateMetadataKey(entry.key, fileOffset: nil)
      }
      if index > 0 { text.append(utf8: ",") }
      appendJSONString(entry.key, to: &text)
      text.append(utf8: ":")
      appendJSONString(entry.value, to: &text)
    }
  }

  /// A string with the escapes that serde_json writes: the short ones, `\u00xx` for other control
  /// characters, and everything else as it is.
  private static func appendJSONString(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): text.append(utf8: "\\\"")
      case UInt8(ascii: "\\"): text.append(utf8: "\\\\")
      case 0x08: text.append(utf8: "\\b")
      case 0x09: text.append(utf8: "\\t")
      case 0x0A: text.append(utf8: "\\n")
      case 0x0C: text.append(utf8: "\\f")
      case 0x0D: text.append(utf8: "\\r")
      case 0..<0x20: text.append(utf8: "\\u00\(lowercaseHex([byte]))")
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
