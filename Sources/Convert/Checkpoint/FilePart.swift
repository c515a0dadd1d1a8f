import ByteIO
public import ConvNeXtSchema
import TensorModel

/// What a file holds besides the model: the tensors in one branch of its outermost dictionary, or
/// in a branch of one that also holds the model.
public struct FilePart: Equatable, Sendable {
  /// The branch: `optimizer`, `model_ema`, `backbone.decode_head`; or a tensor.
  public let name: String
  /// The number of tensors.
  public let tensorCount: Int
  /// Their bytes, written without gaps.
  public let byteCount: Int
}

extension Checkpoint {
  /// The branches that hold tensors that are not part of a model, in the file's order.
  public func parts(beside match: ModelMatch) -> [FilePart] {
    let used = Set(match.tensors.map(\.inputIndex) + match.repeated.map(\.inputIndex))
    if used.count == tensors.count { return [] }
    let branches = SharedBranches(of: used.map { tensors[$0].name.string })
    var order: [ByteText] = []
    var tensorsByBranch: [ByteText: [Tensor]] = [:]
    for (index, tensor) in tensors.enumerated() where !used.contains(index) {
      let branch = ByteText(branches.firstOwnBranch(of: tensor.name.string))
      if tensorsByBranch[branch] == nil { order.append(branch) }
      tensorsByBranch[branch, default: []].append(tensor)
    }
    return order.map { branch in
      let tensors = tensorsByBranch[branch] ?? []
      return FilePart(
        name: branch.string, tensorCount: tensors.count,
        byteCount: tensors.saturatingSum { $0.byteCount })
    }
  }
}

extension FilePart {
  /// The parts that are not themselves a model's place, and do not lead to one.
  public static func withoutModels(
    _ parts: [FilePart], _ candidates: [Candidate]
  ) -> [FilePart] {
    let keys = candidates.map { Array($0.key.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    func first(from bytes: [UInt8]) -> [UInt8]? {
      let next = keys.partitioningIndex { !$0.lexicographicallyPrecedes(bytes) }
      return next < keys.count ? keys[next] : nil
    }
    return parts.filter { part in
      let name = Array(part.name.utf8)
      let below = name + [UInt8(ascii: ".")]
      return first(from: name) != name && first(from: below)?.starts(with: below) != true
    }
  }
}
