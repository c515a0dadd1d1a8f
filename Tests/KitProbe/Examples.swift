import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import TensorModel
import TorchFormat

/// Whether two files hold the same model.
func compare(_ first: String, _ second: String) throws {
  let diff = try ModelDiff(Checkpoint(path: first), Checkpoint(path: second))
  print(diff.verdict)
  for pair in diff.worst.prefix(3) { print("\(pair.name) is \(pair.status.name)") }
}

/// What a size costs, without a file.
func costs(of name: String) throws {
  let (variant, imageSize) = try Variant.configuration(named: name)
  let summary = try ModelSummary(variant.architecture, imageSize: imageSize ?? 224)
  print("\(variant.fullName): \(summary.parameterCount) parameters, \(summary.macs) MACs")
  if let count = CostConvention.fvcoreTimm.cost(of: summary.layers) { print("\(count) to fvcore") }
}

/// The numbers of a tensor; of a quantized one those that its codes stand for.
func floats(of name: TensorName, in checkpoint: Checkpoint) throws -> [Float]? {
  let weights = try checkpoint.quantizedTensors[name]?.dequantized
  return try (weights ?? checkpoint.tensor(named: name))?.floats()
}

/// Whether weights look as they should, and what a pickle would call.
func examine(_ path: String) throws {
  for finding in try Inspection(Checkpoint(path: path)).health().findings {
    print("\(finding.severity.rawValue): \(finding.rule.title), \(finding.evidence)")
  }
  for use in try PickleScan(path: path).globals where use.verdict != .data {
    print("\(use.qualifiedName): \(use.reason)")
  }
}
