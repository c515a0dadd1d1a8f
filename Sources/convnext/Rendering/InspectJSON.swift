import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import NativeFormat
import TensorModel
import TorchFormat

/// `inspect --json`: the keys of the contract in a fixed order, `null` for what is unknown.
struct InspectJSON {
  let value: JSONValue

  /// A size without a file: elements are assumed to be F32, and nothing else is known.
  init(configuration: String, summary: ModelSummary, imageSize: Int) {
    let epsilon = summary.architecture.publishedEpsilon
    var object = JSONObject()
    object["schema"] = "convnext.inspect/1"
    object["config"] = .string(configuration)
    for key in ["file", "container", "naming", "wrapper", "prefix", "sha256"] {
      object[key] = .null
    }
    object["model"] = Self.model(
      summary, imageSize: imageSize, epsilon: epsilon, finalEpsilon: epsilon)
    object["tensors"] = .integer(summary.tensorCount)
    object["parameters"] = .integer(summary.parameterCount)
    object["bytes"] = .integer(summary.byteCount)
    object["contentDigest"] = .null
    object["health"] = .null
    object["unexaminedTensors"] = .null
    Self.addCosts(summary, to: &object)
    value = .object(object)
  }

  init(
    _ inspection: Inspection, file: String, extra: ExtraContent?, health: ModelHealth?
  ) {
    let checkpoint = inspection.checkpoint
    let match = inspection.match
    let tensors =
      match.map { match in match.tensors.map { checkpoint.tensors[$0.inputIndex] } }
      ?? checkpoint.tensors
    var object = JSONObject()
    object["schema"] = "convnext.inspect/1"
    object["file"] = .string(file)
    object["container"] = .string(checkpoint.container.rawValue)
    object["naming"] = .optional(match) { .string($0.candidate.naming.rawValue) }
    object["wrapper"] = .optional(match?.candidate.wrapper) { .string($0) }
    object["prefix"] = .optional(match) { .string($0.candidate.prefix) }
    object["sha256"] = .optional(inspection.fileDigest) { .string($0.hex) }
    object["fileBytes"] = .integer(checkpoint.fileByteCount)
    let torchFiles = checkpoint.torchFiles
    object["pickle"] = torchFiles.isEmpty ? .null : Self.pickle(torchFiles)
    object["model"] = .optional(inspection.summary) {
      Self.model(
        $0, imageSize: inspection.imageSize, epsilon: inspection.normEpsilon,
        finalEpsilon: inspection.finalNormEpsilon)
    }
    object["tensors"] = .integer(tensors.count)
    object["parameters"] = .integer(tensors.saturatingSum { $0.elementCount })
    object["bytes"] = .integer(tensors.saturatingSum { $0.byteCount })
    object["elementTypes"] = .array(
      ElementTypeCounts(tensors).names.map { .string($0) })
    object["elementTypeCounts"] = ElementTypeCounts(tensors).json
    object["quantization"] = .optional(inspection.quantization) { Self.quantization($0) }
    object["contentDigest"] = .optional(inspection.contentDigest) { .string($0.hex) }
    Self.addCosts(inspection.summary, to: &object)
    object["complete"] = .optional(match) { .bool($0.isComplete) }
    object["problems"] = .array((match?.problems ?? []).map { .string($0.sentence) })
    object["candidates"] = .array(inspection.candidates.map { Self.candidate($0) })
    object["evidence"] = .array(inspection.evidence.map { .string($0) })
    object["doubts"] = .array(inspection.doubts.map { .string($0) })
    object["otherTensors"] = .integer(checkpoint.tensors.count - tensors.count)
    object["parts"] = .array(
      (match.map { checkpoint.parts(beside: $0) } ?? []).map { Self.part($0) })
    object["unsupportedTensors"] = .integer(checkpoint.unsupportedTensors.count)
    object["labels"] = .optional(inspection.labels) { .array($0.map { .string($0) }) }
    object["preprocessing"] = inspection.preprocessing ?? .null
    object["health"] = .optional(health) { $0.json }
    object["unexaminedTensors"] = .optional(health) { .integer($0.unexaminedCount) }
    if let extra {
      object["extra"] = extra.tree ?? .null
      object["extraIsCut"] = .bool(extra.isCut)
    }
    object["source"] = .optional(checkpoint.native?.header.source) { Self.source($0) }
    value = .object(object)
  }

  /// A part of the file besides the model.
  private static func part(_ part: FilePart) -> JSONValue {
    .object([
      "name": .string(part.name),
      "tensors": .integer(part.tensorCount),
      "bytes": .integer(part.byteCount),
    ])
  }

  /// The file that a native one was made from.
  private static func source(_ source: SourceDescription) -> JSONValue {
    .object([
      "file": .string(source.fileName),
      "sha256": .optional(source.sha256) { .string($0.hex) },
      "container": .string(source.container),
      "naming": .optional(source.naming) { .string($0) },
      "wrapper": .optional(source.wrapper) { .string($0) },
      "tool": .string(source.tool),
    ])
  }

  /// For shards, the protocol if all have the same.
  private static func pickle(_ files: [TorchFile]) -> JSONValue {
    let inert = Set(
      files.flatMap(\.globals).filter { $0.verdict != .data }.map(\.qualifiedName))
    let protocols = Set(files.map(\.pickleProtocol))
    return .object([
      "protocol": .optional(protocols.count == 1 ? protocols.first : nil) { .integer($0) },
      "inert": .array(inert.sorted().map { .string($0) }),
    ])
  }

  private static func quantization(_ summary: QuantizationSummary) -> JSONValue {
    .object([
      "schemes": .array(
        summary.schemes.map { scheme in
          .object([
            "scheme": .string(scheme.scheme.rawValue),
            "tensors": .integer(scheme.tensorCount),
            "elements": .integer(scheme.elementCount),
            "bytes": .integer(scheme.byteCount),
          ])
        }),
      "scales": .object([
        "tensors": .integer(summary.scaleTensorCount),
        "elements": .integer(summary.scaleCount),
        "bytes": .integer(summary.scaleByteCount),
      ]),
      "sourceTypes": .array(summary.sourceTypes.map { .string($0.name) }),
    ])
  }

  private static func candidate(_ candidate: Candidate) -> JSONValue {
    .object([
      "key": .string(candidate.key),
      "naming": .string(candidate.naming.rawValue),
      "wrapper": .optional(candidate.wrapper) { .string($0) },
      "prefix": .string(candidate.prefix),
      "averaged": .bool(candidate.isAveraged),
      "tensors": .integer(candidate.tensorCount),
      "bytes": .integer(candidate.byteCount),
    ])
  }

  private static func model(
    _ summary: ModelSummary, imageSize: Int?, epsilon: Double?, finalEpsilon: Double?
  ) -> JSONValue {
    let architecture = summary.architecture
    return .object([
      "family": "convnext",
      "version": .integer(architecture.version),
      "variant": .string(summary.variant?.name ?? "custom"),
      "depths": .integers(architecture.depths),
      "widths": .integers(architecture.widths),
      "classes": .optional(architecture.head.classes) { .integer($0) },
      "imageSize": .optional(imageSize) { .integer($0) },
      "normEpsilon": .optional(epsilon) { .number($0) },
      "finalNormEpsilon": .optional(finalEpsilon) { .number($0) },
      "features": .array(architecture.features.map { .string($0) }),
    ])
  }

  private static func addCosts(_ summary: ModelSummary?, to object: inout JSONObject) {
    object["macs"] = .optional(summary) { .integer($0.macs) }
    object["flops"] = .optional(summary) { .integer($0.flops) }
    object["inputShape"] = .optional(summary) {
      .integers([$0.architecture.inputChannels, $0.imageSize, $0.imageSize])
    }
    var conventions = JSONObject()
    for convention in CostConvention.allCases {
      conventions[convention.rawValue] = .optional(
        summary.flatMap { convention.cost(of: $0.layers) }
      ) {
        .integer($0)
      }
    }
    object["conventions"] = .object(conventions)
    object["stages"] = .array((summary?.stages ?? []).map { stage($0) })
    object["layers"] = .array((summary?.layers ?? []).map { layer($0) })
  }

  private static func stage(_ stage: ModelSummary.Stage) -> JSONValue {
    .object([
      "name": .string(stage.name),
      "blocks": .integer(stage.blockCount),
      "parameters": .integer(stage.parameterCount),
      "bytes": .integer(stage.byteCount),
      "macs": .integer(stage.macs),
      "outputShape": .integers(stage.outputShape),
    ])
  }

  private static func layer(_ layer: Layer) -> JSONValue {
    .object([
      "name": .string(layer.name),
      "kind": .string(layer.kind.rawValue),
      "parameters": .integer(layer.parameterCount),
      "macs": .integer(layer.macs),
      "inputShape": .integers(layer.inputShape),
      "outputShape": .integers(layer.outputShape),
      "kernel": .optional(layer.convolution) { .integers([$0.kernelSize, $0.kernelSize]) },
      "stride": .optional(layer.convolution) { .integers([$0.stride, $0.stride]) },
      "groups": .optional(layer.convolution) { .integer($0.groups) },
      "dilation": .optional(layer.convolution) { .integers([$0.dilation, $0.dilation]) },
      "activation": .optional(layer.module.activation) { .string($0) },
    ])
  }
}
