public import ByteIO
import TensorModel

extension Recipe {
  /// Reads a recipe: a JSON object whose keys are roles or patterns of canonical names, and whose
  /// values are formats, or lists of formats, of which the first that fits a tensor's shape
  /// applies.
  ///
  /// Throws `QuantizeError` if the text is not such an object.
  public init(
    name: String, parsing text: ByteRegion, limits: Limits = .standard
  ) throws(QuantizeError) {
    let json: JSONValue
    do { json = try JSONValue(parsing: text, limits: limits) } catch {
      throw .invalidRecipe(reason: "it is not JSON: \(error)", byteOffset: error.offset)
    }
    guard let object = json.objectValue else {
      throw .invalidRecipe(
        reason: "it is not an object of roles or names and their formats", byteOffset: nil)
    }
    var rules: [Rule] = []
    for entry in object.entries {
      let values = entry.value.arrayValue ?? [entry.value]
      guard !values.isEmpty else {
        throw .invalidRecipe(reason: "\(quoted(entry.key)) has no format", byteOffset: nil)
      }
      var formats: [WeightFormat] = []
      for value in values {
        guard let format = value.stringValue.flatMap({ WeightFormat(rawValue: $0) }) else {
          let found = value.stringValue.map { quoted($0) } ?? value.serialized()
          throw .invalidRecipe(
            reason: "\(quoted(entry.key)): \(found) is not a format", byteOffset: nil)
        }
        formats.append(format)
      }
      rules.append(Rule(entry.key, formats))
    }
    self.init(name: name, rules: rules)
  }
}
