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
    let branches = SharedBranches(of: used.map { tensors[$0].name.string })
    var order: [TensorName] = []
    var tensorsByBranch: [TensorName: [Tensor]] = [:]
    for (index, tensor) in tensors.enumerated() where !used.contains(index) {
      let branch = TensorName(branches.firstOwnBranch(of: tensor.name.string))
      if tensorsByBranch[branch] == nil { order.append(branch) }
      tensorsByBranch[branch, default: []].append(tensor)
    }
    return order.map { branch in
      let tensors = tensorsByBranch[branch] ?? []
      return FilePart(
        name: branch.string, tensorCount: tensors.count,
        byteCount: tensors.reduce(0) { $0 &+ $1.byteCount })
    }
  }
}

extension FilePart {
  /// Those of some parts that are no place of a model, and lead to none.
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

/// The branches that lead to a model's tensors, told by the names in their order: names have as
/// many branches as dots, and a file may have names of nothing else.
private struct SharedBranches {
  private let sorted: [[UInt8]]
  private let names: Set<[UInt8]>

  init(of names: [String]) {
    sorted = names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    self.names = Set(sorted)
  }

  /// The first of a name's branches, from the outermost one to the tensor itself, that leads to no
  /// tensor of the model; the name where all do.
  func firstOwnBranch(of name: String) -> String {
    let bytes = Array(name.utf8)
    let next = sorted.partitioningIndex { !$0.lexicographicallyPrecedes(bytes) }
    // What has most in common with a name stands beside it.
    let common =
      [next - 1, next].filter(sorted.indices.contains).map { neighbor in
        zip(bytes, sorted[neighbor]).prefix { $0 == $1 }.count
      }.max() ?? 0
    var end = bytes[..<common].lastIndex(of: Self.dot).map { $0 + 1 } ?? 0
    while let branchEnd = bytes[end...].firstIndex(of: Self.dot) {
      let branch = bytes[..<branchEnd]
      if branchEnd > common || branchEnd == common && !names.contains(Array(branch)) {
        return String(decoding: branch, as: UTF8.self)
      }
      end = branchEnd + 1
    }
    return name
  }

  private static let dot = UInt8(ascii: ".")
}

extension Array {
  /// The index of the first element for which a condition holds that holds for all behind it.
  fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
    var range = indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = condition(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}
