import ByteIO
import Testing

/// A key of the header: what it takes, and whether it may be null or missing.
struct HeaderKey: Sendable, CustomTestStringConvertible {
  let path: String
  let type: String
  var isNullable = false

  var testDescription: String { path }

  /// Every key, in the order in which they are written.
  static let all = [
    HeaderKey(path: "model", type: "object"),
    HeaderKey(path: "model.family", type: "'convnext'"),
    HeaderKey(path: "model.version", type: "1 or 2"),
    HeaderKey(path: "model.variant", type: "string"),
    HeaderKey(path: "model.depths", type: "array of counts"),
    HeaderKey(path: "model.widths", type: "array of counts"),
    HeaderKey(path: "model.classes", type: "count", isNullable: true),
    HeaderKey(path: "model.imageSize", type: "count", isNullable: true),
    HeaderKey(path: "model.normEpsilon", type: "number"),
    HeaderKey(path: "model.finalNormEpsilon", type: "number"),
    HeaderKey(path: "model.features", type: "array of strings"),
    HeaderKey(path: "model.missingTensors", type: "array of strings"),
    HeaderKey(path: "source", type: "object"),
    HeaderKey(path: "source.file", type: "string"),
    HeaderKey(path: "source.sha256", type: "digest", isNullable: true),
    HeaderKey(path: "source.container", type: "string"),
    HeaderKey(path: "source.naming", type: "string", isNullable: true),
    HeaderKey(path: "source.wrapper", type: "string", isNullable: true),
    HeaderKey(path: "source.prefix", type: "string"),
    HeaderKey(path: "source.tool", type: "string"),
    HeaderKey(path: "preprocessing", type: "any", isNullable: true),
    HeaderKey(path: "labels", type: "array of strings", isNullable: true),
    HeaderKey(path: "tensors", type: "array of objects"),
    HeaderKey(path: "tensors[0].name", type: "string"),
    HeaderKey(path: "tensors[0].dtype", type: "string"),
    HeaderKey(path: "tensors[0].shape", type: "array of counts"),
    HeaderKey(path: "tensors[0].offset", type: "count"),
    HeaderKey(path: "tensors[0].byteCount", type: "count"),
    HeaderKey(path: "tensors[0].sha256", type: "digest"),
    HeaderKey(path: "tensors[0].quantization", type: "object", isNullable: true),
    HeaderKey(path: "tensors[0].quantization.scheme", type: "string"),
    HeaderKey(path: "tensors[0].quantization.axis", type: "count"),
    HeaderKey(path: "tensors[0].quantization.blockSize", type: "count", isNullable: true),
    HeaderKey(path: "tensors[0].quantization.scale", type: "string"),
    HeaderKey(path: "tensors[0].quantization.sourceType", type: "string"),
  ]

  /// How a message names what the key takes; `nil` where it takes anything.
  var expected: String? {
    switch type {
    case "object": "an object"
    case "count": "a whole number from 0 to 2^63-1"
    case "number": "a number from 0 on"
    case "string": "a string"
    case "digest": "64 hexadecimal digits"
    case "any": nil
    case let type where type.hasPrefix("array of "): "an array"
    case let type: type
    }
  }

  /// A value of an array's elements' wrong kind, with what a message says of it; `nil` where the
  /// key takes no array.
  var wrongElement: (element: JSONValue, expected: String, found: String)? {
    switch type {
    case "array of counts": (.integer(-1), "a whole number from 0 to 2^63-1", "-1")
    case "array of strings": (.null, "a string", "null")
    case "array of objects": (.string("a"), "an object", "'a'")
    default: nil
    }
  }
}

extension JSONValue {
  /// The paths of all keys, in order; of an array's objects only those of the first.
  func keyPaths(below path: String = "") -> [String] {
    switch self {
    case .object(let object):
      object.entries.flatMap { entry in
        let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
        return [inner] + entry.value.keyPaths(below: inner)
      }
    case .array(let elements): elements.first?.keyPaths(below: "\(path)[0]") ?? []
    default: []
    }
  }

  /// The same tree with another value at a path, or, for `nil`, without the path's key.
  func replacing(_ path: String, with value: JSONValue?) -> JSONValue {
    replacing(
      path.replacing("[", with: ".").replacing("]", with: "").split(separator: ".")[...],
      with: value)
  }

  private func replacing(_ path: ArraySlice<Substring>, with value: JSONValue?) -> JSONValue {
    guard let first = path.first else { return value ?? .null }
    switch self {
    case .object(let object):
      var result = JSONObject()
      for entry in object.entries {
        if entry.key != first {
          result[entry.key] = entry.value
        } else if path.count > 1 {
          result[entry.key] = entry.value.replacing(path.dropFirst(), with: value)
        } else {
          result[entry.key] = value
        }
      }
      return .object(result)
    case .array(let elements):
      return .array(
        elements.enumerated().map { index, element in
          String(index) == first ? element.replacing(path.dropFirst(), with: value) : element
        })
    default: return self
    }
  }
}
