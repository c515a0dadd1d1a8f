public import ConvNeXtSchema
import TensorModel

/// What a file holds beside the model: the tensors of one branch of its outermost dictionary.
public struct FilePart: Equatable, Sendable {
  /// The branch: `optimizer`, `model_ema`, `decode_head`.
  public let name: String
  /// The number of tensors.
  public let tensorCount: Int
  /// Their bytes, written without gaps.
  public let byteCount: Int
}

extension Checkpoint {
  /// The branches that hold tensors which are not part of a model, in the file's order.
  public func parts(beside match: ModelMatch) -> [FilePart] {
    let used = Set(match.tensors.map(\.inputIndex))
    var order: [String] = []
    var tensorsByName: [String: [Tensor]] = [:]
    for (index, tensor) in tensors.enumerated() where !used.contains(index) {
      let name = String(
        tensor.name.string.split(separator: ".", maxSplits: 1).first ?? Substring())
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
}
