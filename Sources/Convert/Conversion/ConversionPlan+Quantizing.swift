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
