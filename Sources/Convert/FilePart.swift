public import ConvNeXtSchema
import TensorModel

/// What a file holds beside the model: the tensors of one branch of its outermost dictionary, or of
/// a branch within one that the model is in, too.
public struct FilePart: Equatable, Sendable {
  /// The branch: `optimizer`, `model_ema`, `backbone.decode_head`; or a tensor.
  public let name: String
  /// The number of tensors.
  public let tensorCount: Int
  /// Their bytes, written without gaps.
  public let byteCount: Int
}

extension Checkpoint {
  /// The branches that hold tensors which are not part of a model, in the file's order.
  public func parts(beside match: ModelMatch) -> [FilePart] {
    let used = Set(match.tensors.map(\.inputIndex) + match.repeated.map(\.inputIndex))
    if used.count == tensors.count { return [] }
    let shared = Set(used.flatMap { Self.branches(of: tensors[$0]) })
    var order: [String] = []
    var tensorsByName: [String: [Tensor]] = [:]
    for (index, tensor) in tensors.enumerated() where !used.contains(index) {
      let branches = Self.branches(of: tensor)
      let name = branches.first { !shared.contains($0) } ?? tensor.name.string
      if tensorsByName[name] == nil { order.append(name) }
      tensorsByName[name, default: []].append(tensor)
    }
    return order.map { name in
      let tensors = tensorsByName[name] ?? []
      return FilePart(
        name: name, tensorCount: tensors.count,
        byteCount: tensors.reduce(0) { $0 &+ $1.byteCount })
    }
  }

  /// The branches that lead to a tensor, from the outermost one to the tensor itself.
  private static func branches(of tensor: Tensor) -> [String] {
    let name = tensor.name.string
    return name.indices.filter { name[$0] == "." }.map { String(name[..<$0]) } + [name]
  }
}
