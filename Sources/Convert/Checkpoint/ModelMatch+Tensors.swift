public import ConvNeXtSchema
public import TensorModel

extension ModelMatch {
  /// The model's tensors under canonical names and in canonical shapes, in canonical order.
  ///
  /// - Parameter checkpoint: The file that the match was made from.
  public func canonicalTensors(of checkpoint: Checkpoint) -> [Tensor] {
    tensors.map { matched in
      checkpoint.tensors[matched.inputIndex].renamed(
        TensorName(matched.parameter.name), shape: matched.parameter.shape)
    }
  }

  /// The quantized ones among the model's tensors, under canonical names and in canonical shapes.
  ///
  /// Throws if the scales of one do not fit its canonical shape.
  public func canonicalQuantizedTensors(
    of checkpoint: Checkpoint
  ) throws(QuantizationError) -> [QuantizedTensor] {
    guard !checkpoint.quantizedTensors.isEmpty else { return [] }
    var result: [QuantizedTensor] = []
    for matched in tensors {
      let name = checkpoint.tensors[matched.inputIndex].name
      guard let quantized = checkpoint.quantizedTensors[name] else { continue }
      result.append(
        try quantized.renamed(
          TensorName(matched.parameter.name), shape: matched.parameter.shape))
    }
    return result
  }

  /// The model's weights as numbers, under canonical names and in canonical shapes. Quantized ones
  /// are dequantized when they are read.
  ///
  /// Throws `QuantizationError` if the scales of one do not fit its canonical shape.
  public func canonicalWeights(of checkpoint: Checkpoint) throws -> [Tensor] {
    let quantized = try canonicalQuantizedTensors(of: checkpoint)
    let quantizedByName = Dictionary(quantized.map { ($0.codes.name, $0) }) { first, _ in first }
    return try canonicalTensors(of: checkpoint).map {
      try quantizedByName[$0.name]?.dequantized ?? $0
    }
  }
}

extension ModelMatch {
  /// Whether the file has every tensor of the model, in its shape, whatever else it holds.
  public var hasAllTensors: Bool { faults.isEmpty }

  /// Whether canonical names can replace the names in the file: every tensor of the model is there,
  /// whatever else is; or some are missing, fewer than are there, and nothing else is wrong.
  public var hasCanonicalNames: Bool {
    if hasAllTensors { return true }
    return problems.allSatisfy(\.isMissing)
      && problems.count < tensors.count
  }

  /// Problems with the model's own tensors.
  var faults: [MatchProblem] {
    problems.filter { !$0.isExtra }
  }

  /// What the model is, in words: `ConvNeXt V1 tiny`.
  public var modelName: String {
    "ConvNeXt V\(architecture.version) \(Variant(of: architecture)?.name ?? "of a custom size")"
  }
}
