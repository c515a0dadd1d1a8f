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

/// Whether an upload, in memory, is a model that may be kept. No other file is opened.
func accepts(_ upload: [UInt8], named name: String) async throws -> Bool {
  var options = Checkpoint.Options()
  options.limits.tensorCount = 10_000
  return try await WorkProgress().run { [options] in
    let bytes = ByteRegion(copying: upload)
    let scan = try PickleScan(bytes: bytes, name: name, options: options)
    guard scan.isClean, !scan.hasProgram else { return false }
    return try Checkpoint(bytes: bytes, name: name, options: options).namedMatch() != nil
  }
}

/// Whether a download is what its publisher promised.
func isIntact(_ path: String, sha256: String) throws -> Bool {
  // Without a digest, only the file's own checksums would be checked.
  guard let digest = SHA256Digest(hex: sha256) else { return false }
  let verification = try Verification(path: path, expecting: .init(digest: digest))
  for problem in verification.checks.flatMap(\.problems) {
    print("\(problem.rule): \(problem.message)")
  }
  return verification.isIntact
}

/// The model's weights under canonical names, in a file whose code calls its blocks `units`.
func weights(ofOwnNames path: String) throws -> [Tensor] {
  var options = Checkpoint.Options()
  options.renameRules = [try RenameRule(pattern: #"\.units\."#, replacement: ".blocks.")]
  let checkpoint = try Checkpoint(path: path, options: options)
  return try checkpoint.namedMatch()?.canonicalWeights(of: checkpoint) ?? []
}

/// What a training run has left beside the weights: an epoch, its arguments.
func leftovers(_ path: String) throws -> JSONValue? {
  try ExtraContent(Checkpoint(path: path)).tree
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
