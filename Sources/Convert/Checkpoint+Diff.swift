import ConvNeXtSchema
public import Inspect
import TensorModel
import TorchFormat

extension ModelDiff {
  /// Compares two checkpoints: under canonical names where both hold a ConvNeXt with all its
  /// tensors, whatever else they hold; else all tensors under the names in the files.
  ///
  /// - Parameters:
  ///   - left: The first checkpoint, which the second is held against.
  ///   - right: The second.
  ///   - usesSourceNames: Whether tensors are paired under the files' names in any case.
  ///   - tolerance: The distance of two elements that passes for equal.
  /// - Throws: The errors of the storages, and of tensors that cannot be read.
  public init(
    _ left: Checkpoint, _ right: Checkpoint, usesSourceNames: Bool = false,
    tolerance: Double? = nil
  ) throws {
    if !usesSourceNames, let leftMatch = try left.completeMatch(),
      let rightMatch = try right.completeMatch()
    {
      try self.init(
        leftMatch.canonicalWeights(of: left), rightMatch.canonicalWeights(of: right),
        isModel: true, tolerance: tolerance, leftOther: left.otherTensors(beside: leftMatch),
        rightOther: right.otherTensors(beside: rightMatch))
      return
    }
    for checkpoint in [left, right] {
      if let unsupported = checkpoint.unsupportedTensors.first { throw unsupported.error }
    }
    try self.init(
      left.storedTensors, right.storedTensors, isModel: false, tolerance: tolerance)
  }
}

extension Checkpoint {
  /// Tensors that stand among a model's own without being part of it.
  fileprivate func otherTensors(beside match: ModelMatch) -> [TensorInfo] {
    let names = Set(
      match.problems.compactMap { if case .extra(let name, _, _) = $0 { name } else { nil } })
    return inputs.map(\.info).filter { names.contains($0.name) }
  }
}
