import ByteIO
import ConvNeXtSchema
public import Quantize
import TensorModel

/// A tensor's signal-to-noise ratio is below the minimum asked for; nothing was written.
public struct BelowMinimumSQNR: Error, CustomStringConvertible {
  /// What was measured.
  public let report: QuantizationReport

  /// A statement of the failure; the report has the numbers.
  public var description: String {
    "a quantized tensor is below the ratio of signal and noise that was asked for"
  }
}

extension ConversionPlan {
  /// What is written in place of a tensor.
  ///
  /// - Parameters:
  ///   - source: The tensor, or its codes, under its new name and in its new shape.
  ///   - quantized: The same with its scales, if it is quantized in the source.
  static func output(
    _ source: Tensor, _ quantized: QuantizedTensor?, _ parameter: Parameter,
    _ treatment: WeightTreatment
  ) throws -> WeightOutput {
    switch (treatment, quantized) {
    case (.keep, nil), (.dequantize, nil): return .plain(source)
    case (.keep, let quantized?): return .quantized(quantized)
    case (.dequantize, let quantized?): return .plain(try quantized.dequantized)
    case (.quantize, _?): throw QuantizeError.alreadyQuantized(tensor: parameter.name)
    case (.quantize(let request), nil):
      return try output(source, parameter, request)
    }
  }

  /// Codes with their scales under the name, and in the shape, that a naming gives them.
  static func renamed(
    _ quantized: QuantizedTensor, _ name: TensorName, shape: [Int]
  ) throws(QuantizeError) -> QuantizedTensor {
    do {
      return try quantized.renamed(name, shape: shape)
    } catch {
      throw .otherRows(tensor: name.string, shape: shape)
    }
  }

  private static func output(
    _ source: Tensor, _ parameter: Parameter, _ request: QuantizationRequest
  ) throws -> WeightOutput {
    var format = try request.recipe.format(of: parameter)
    if let scheme = format.scheme {
      // The codes of a model are the same in every naming.
      let scaleShapes = [source.shape, parameter.shape].map {
        scheme.scaleShape(ofShape: $0).map(withoutUnitDimensions)
      }
      guard scaleShapes[0] == scaleShapes[1] else {
        throw QuantizeError.otherRows(tensor: source.name.string, shape: source.shape)
      }
      return .codes(
        try WeightCodes(source, scheme: scheme, name: parameter.name), format)
    }
    if request.overflow == .keepFloat32, let type = format.floatType, type != .float32,
      type != source.elementType,
      try RoundedWeights.overflows(source, floatType: type, name: parameter.name)
    {
      format = .float32
    }
    guard let type = format.floatType, type != source.elementType else {
      return .plain(source, format)
    }
    return .rounded(
      try RoundedWeights(source, to: type, overflow: request.overflow, name: parameter.name),
      format)
  }

  /// Throws if a rule of the recipe names no tensor of the model.
  static func requireUsedRules(
    _ treatment: WeightTreatment, _ architecture: Architecture
  ) throws(QuantizeError) {
    guard case .quantize(let request) = treatment,
      let unused = request.recipe.unusedNames(in: architecture).first
    else { return }
    throw .unusedRule(unused)
  }

  /// What the quantization costs, tensor by tensor; nothing, if none was asked for.
  ///
  /// What has not been written yet is computed, on all cores.
  ///
  /// Throws what the storages throw, and `QuantizeError` for a number that the format cannot hold.
  public func quantizationReport() throws -> QuantizationReport {
    let unread = steps.map { $0.content.isMeasured ? 0 : $0.sourceByteCount }
    let qualities = try concurrentMap(byteCounts: unread) { index -> [TensorQuality] in
      try steps[index].content.quality().map { [$0] } ?? []
    }
    return QuantizationReport(
      recipe: request.treatment.name,
      rows: zip(steps, qualities).map { step, quality in
        QuantizationReport.Row(
          name: step.parameter.name, role: TensorRole(step.parameter),
          format: step.content.format, sourceType: step.sourceType, shape: step.output.shape,
          elementCount: step.output.elementCount, sourceByteCount: step.sourceByteCount,
          byteCount: step.quantized?.byteCount ?? step.output.byteCount, quality: quality.first)
      })
  }

  /// Throws `BelowMinimumSQNR` if a tensor is below the ratio that was asked for.
  public func requireQuality() throws {
    guard case .quantize(let request) = request.treatment, let minimum = request.minimumSQNR,
      case let report = try quantizationReport(), let smallest = report.smallestSQNR,
      smallest < minimum
    else { return }
    throw BelowMinimumSQNR(report: report)
  }
}
