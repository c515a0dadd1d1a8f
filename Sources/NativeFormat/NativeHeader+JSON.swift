package import ByteIO
package import TensorModel

extension NativeHeader {
  /// The header as it is in the file: JSON on one line, keys in a fixed order.
  var json: JSONValue {
    .object([
      "model": model.json,
      "source": source.json,
      "preprocessing": preprocessing ?? .null,
      "labels": .optional(labels) { .array($0.map { .string($0) }) },
      "tensors": .array(tensors.map(\.json)),
    ])
  }

  /// Reads a header; the tensors are checked against one another by `dataByteCount(limits:)`.
  init(parsing text: ByteRegion, limits: Limits) throws(NativeError) {
    let json: JSONValue
    do { json = try JSONValue(parsing: text, limits: limits) } catch { throw .invalidJSON(error) }
    let fields = try HeaderFields(json)
    model = try ModelDescription(fields.object("model"))
    source = try SourceDescription(fields.object("source"))
    preprocessing = try fields.optional("preprocessing", .any)
    labels = try fields.optionalArray("labels", of: .string)
    if let labels, let classes = model.classes, labels.count != classes {
      throw .wrongValue(
        field: "labels", expected: "\(classes) strings, one for each of the classes",
        found: "\(labels.count)")
    }
    let entries = try fields.objects("tensors")
    guard entries.count <= limits.tensorCount else {
      throw .tooManyTensors(found: entries.count, limit: limits.tensorCount)
    }
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
      "quantization": .optional(quantization) { $0.declaration.json },
    ])
  }

  init(_ fields: HeaderFields) throws(NativeError) {
    let name = try fields.required("name", .string)
    let typeName = try fields.required("dtype", .string)
    guard let elementType = ElementType(rawValue: typeName) else {
      throw .unknownElementType(tensor: name, found: typeName)
    }
    info = TensorInfo(
      name: TensorName(name), elementType: elementType, shape: try fields.array("shape", of: .count)
    )
    dataOffset = try fields.required("offset", .count)
    byteCount = try fields.required("byteCount", .count)
    digest = try fields.required("sha256", .digest)
    guard let object = try fields.optionalObject("quantization") else { return }
    let declaration = try Quantization.Declaration(object)
    do { quantization = try Quantization(declaration, of: info.name) } catch {
      throw .quantization(error)
    }
  }
}

extension Quantization.Declaration {
  /// As it appears in the header, and in the metadata of safetensors files.
  package var json: JSONValue {
    .object([
      "scheme": .string(scheme),
      "axis": .integer(axis),
      "blockSize": .optional(blockSize) { .integer($0) },
      "scale": .string(scale),
      "sourceType": .string(sourceType),
    ])
  }

  init(_ fields: HeaderFields) throws(NativeError) {
    self.init(
      scheme: try fields.required("scheme", .string), axis: try fields.required("axis", .count),
      blockSize: try fields.optional("blockSize", .count),
      scale: try fields.required("scale", .string),
      sourceType: try fields.required("sourceType", .string))
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

  init(_ fields: HeaderFields) throws(NativeError) {
    family = try fields.required("family", .exactly("convnext"))
    version = try fields.required("version", .either(1, 2))
    variant = try fields.required("variant", .string)
    depths = try fields.array("depths", of: .count)
    widths = try fields.array("widths", of: .count)
    guard depths.count == widths.count else {
      throw .wrongValue(
        field: "model.widths", expected: "\(depths.count) numbers, one for each of the depths",
        found: "\(widths.count)")
    }
    classes = try fields.optional("classes", .count)
    imageSize = try fields.optional("imageSize", .count)
    normEpsilon = try fields.required("normEpsilon", .number)
    finalNormEpsilon = try fields.required("finalNormEpsilon", .number)
    features = try fields.array("features", of: .string)
    missingTensors = try fields.array("missingTensors", of: .string)
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

  init(_ fields: HeaderFields) throws(NativeError) {
    fileName = try fields.required("file", .string)
    sha256 = try fields.optional("sha256", .digest)
    container = try fields.required("container", .string)
    naming = try fields.optional("naming", .string)
    wrapper = try fields.optional("wrapper", .string)
    prefix = try fields.required("prefix", .string)
    tool = try fields.required("tool", .string)
  }
}
