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
  /// The bytes that the file would have less without them: memory that other tensors use too is
  /// not counted.
  public let byteCount: Int
}

extension Checkpoint {
  /// The branches that hold tensors that are not part of a model, in the file's order.
  public func parts(beside match: ModelMatch) -> [FilePart] {
    let aliases = Set(match.aliases)
    let used = Set(
      match.tensors.map(\.inputIndex) + match.repeated.map(\.inputIndex)
        + tensors.indices.filter { aliases.contains(tensors[$0].name) })
    if used.count == tensors.count { return [] }
    let averageBuffers = Set(match.averageBuffers)
    let branches = SharedBranches(of: used.map { tensors[$0].name.string })
    var order: [ByteText] = []
    var tensorsByBranch: [ByteText: [Tensor]] = [:]
    for (index, tensor) in tensors.enumerated() where !used.contains(index) {
      let branch = ByteText(
        averageBuffers.contains(index)
          ? "ema_*" : branches.firstOwnBranch(of: tensor.name.string))
      if tensorsByBranch[branch] == nil { order.append(branch) }
      tensorsByBranch[branch, default: []].append(tensor)
    }
    let owners = StorageOwners(
      order.map { tensorsByBranch[$0] ?? [] } + [used.map { tensors[$0] }])
    return order.enumerated().map { index, branch in
      FilePart(
        name: branch.string, tensorCount: tensorsByBranch[branch]?.count ?? 0,
        byteCount: owners.ownByteCounts[index])
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
