import ByteIO
import TensorModel

extension NativeHeader {
  /// The header as it stands in the file: JSON on one line, keys in a fixed order.
  var json: JSONValue {
    .object([
      "model": model.json,
      "source": source.json,
      "preprocessing": preprocessing ?? .null,
      "labels": .optional(labels) { .array($0.map { .string($0) }) },
      "tensors": .array(tensors.map(\.json)),
    ])
  }

  /// Reads a header; the entries are held against each other by `NativeFile`.
  init(_ json: JSONValue) throws(NativeError) {
    model = try ModelDescription(json["model"])
    source = try SourceDescription(json["source"])
    let preprocessing = json["preprocessing"]
    self.preprocessing = preprocessing == .null ? nil : preprocessing
    if let labels = json["labels"], labels != .null {
      self.labels = try require(
        labels.arrayValue.flatMap { values in
          let texts = values.compactMap(\.stringValue)
          return texts.count == values.count ? texts : nil
        }, "labels")
    } else {
      labels = nil
    }
    let entries = try require(json["tensors"]?.arrayValue, "tensors")
    tensors = try entries.map { (entry) throws(NativeError) in try Entry(entry) }
  }
}

extension NativeHeader.Entry {
  var json: JSONValue {
    .object([
      "name": .string(info.name.string),
      "dtype": .string(info.elementType.name),
      "shape": .integers(info.shape),
      "offset": .integer(dataOffset),
      "byteCount": .integer(byteCount),
      "sha256": .string(digest.hex),
    ])
  }

  init(_ json: JSONValue) throws(NativeError) {
    let name = try require(json["name"]?.stringValue, "tensors[].name")
    let typeName = try require(json["dtype"]?.stringValue, "tensors[].dtype")
    guard let elementType = ElementType(rawValue: typeName) else {
      throw .unknownElementType(tensor: name, found: typeName)
    }
    info = TensorInfo(
      name: TensorName(name), elementType: elementType,
      shape: try require(json["shape"]?.integerArray, "tensors[].shape"))
    dataOffset = try require(json["offset"]?.integerValue, "tensors[].offset")
    byteCount = try require(json["byteCount"]?.integerValue, "tensors[].byteCount")
    digest = try require(
      json["sha256"]?.stringValue.flatMap { SHA256Digest(hex: $0) }, "tensors[].sha256")
  }
}

extension ModelDescription {
  var json: JSONValue {
    .object([
      "family": .string(family),
      "version": .integer(version),
      "variant": .string(variant),
      "depths": .integers(depths),
      "widths": .integers(widths),
      "classes": .optional(classes) { .integer($0) },
      "imageSize": .optional(imageSize) { .integer($0) },
      "normEpsilon": .number(normEpsilon),
      "finalNormEpsilon": .number(finalNormEpsilon),
      "features": .array(features.map { .string($0) }),
      "missingTensors": .array(missingTensors.map { .string($0) }),
    ])
  }

  init(_ json: JSONValue?) throws(NativeError) {
    family = try require(json?["family"]?.stringValue, "model.family")
    version = try require(json?["version"]?.integerValue, "model.version")
    variant = try require(json?["variant"]?.stringValue, "model.variant")
    depths = try require(json?["depths"]?.integerArray, "model.depths")
    widths = try require(json?["widths"]?.integerArray, "model.widths")
    classes = json?["classes"]?.integerValue
    imageSize = json?["imageSize"]?.integerValue
    normEpsilon = try require(json?["normEpsilon"]?.numberValue, "model.normEpsilon")
    finalNormEpsilon = try require(json?["finalNormEpsilon"]?.numberValue, "model.finalNormEpsilon")
    features = (json?["features"]?.arrayValue ?? []).compactMap(\.stringValue)
    missingTensors = (json?["missingTensors"]?.arrayValue ?? []).compactMap(\.stringValue)
  }
}

extension SourceDescription {
  var json: JSONValue {
    .object([
      "file": .string(fileName),
      "sha256": .optional(sha256) { .string($0.hex) },
      "container": .string(container),
      "naming": .optional(naming) { .string($0) },
      "wrapper": .optional(wrapper) { .string($0) },
      "prefix": .string(prefix),
      "tool": .string(tool),
    ])
  }

  init(_ json: JSONValue?) throws(NativeError) {
    fileName = try require(json?["file"]?.stringValue, "source.file")
    sha256 = json?["sha256"]?.stringValue.flatMap { SHA256Digest(hex: $0) }
    container = try require(json?["container"]?.stringValue, "source.container")
    naming = json?["naming"]?.stringValue
    wrapper = json?["wrapper"]?.stringValue
    prefix = json?["prefix"]?.stringValue ?? ""
    tool = try require(json?["tool"]?.stringValue, "source.tool")
  }
}

private func require<Value>(_ value: Value?, _ key: String) throws(NativeError) -> Value {
  guard let value else { throw .missingField(key) }
  return value
}
