import ByteIO

extension JSONObject {
  /// What is wrong and where, with the keys that this has everywhere.
  static func problem(
    rule: String, message: String, place: ErrorPlace = ErrorPlace()
  ) -> JSONObject {
    var object = JSONObject()
    object["rule"] = .string(rule)
    object["message"] = .string(message)
    object["record"] = .optional(place.record) { .string($0) }
    object["byteOffset"] = .optional(place.byteOffset) { .integer($0) }
    object["byteOffsetFrom"] = .optional(place.byteOffset) { _ in .string(place.origin.rawValue) }
    object["tensor"] = .optional(place.tensor) { .string($0) }
    return object
  }
}
