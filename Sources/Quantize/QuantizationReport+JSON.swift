public import ByteIO
import TensorModel

extension QuantizationReport {
  /// The report as the entries of an object. A ratio without noise is `null`.
  public var json: JSONObject {
    var object = JSONObject()
    object["recipe"] = .string(recipe)
    object["sqnr"] = Self.decibels(sqnr)
    object["minSQNR"] = Self.decibels(smallestSQNR)
    object["bytesBefore"] = .integer(sourceByteCount)
    object["bytesAfter"] = .integer(byteCount)
    object["formats"] = .array(
      formats.map { row in
        .object([
          "format": .string(row.format.rawValue),
          "tensors": .integer(row.tensorCount),
          "elements": .integer(row.elementCount),
        ])
      })
    object["tensors"] = .array(rows.map(\.json))
    return object
  }

  fileprivate static func decibels(_ value: Double?) -> JSONValue {
    value.map { $0.isFinite ? .number($0) : .null } ?? .null
  }
}

extension QuantizationReport.Row {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object["name"] = .string(name)
    object["role"] = .string(role.rawValue)
    object["format"] = .string(format.rawValue)
    object["sourceDtype"] = .string(sourceType.name)
    object["shape"] = .integers(shape)
    object["elements"] = .integer(elementCount)
    object["bytesBefore"] = .integer(sourceByteCount)
    object["bytesAfter"] = .integer(byteCount)
    object["sqnr"] = QuantizationReport.decibels(quality?.sqnr)
    object["maxError"] = .optional(quality) { .number($0.maximumError) }
    object["flushed"] = .optional(quality) { .integer($0.flushedCount) }
    object["subnormal"] = .optional(quality) { .integer($0.subnormalCount) }
    object["clipped"] = .optional(quality) { .integer($0.clippedCount) }
    object["smallestScale"] = .optional(quality?.scales) { .number(Double($0.lowerBound)) }
    object["largestScale"] = .optional(quality?.scales) { .number(Double($0.upperBound)) }
    return .object(object)
  }
}
