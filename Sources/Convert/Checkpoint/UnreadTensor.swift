import ByteIO
public import ConvNeXtSchema
import TensorModel
import TorchFormat

/// Something in the place of a tensor that cannot be read as one: a tensor of a kind that is not
/// supported, a NumPy array.
struct UnreadTensor: Sendable {
  /// The name after the user's rules.
  var name: TensorName
  /// What it is, in words.
  let description: String
  /// Whether it is a NumPy array: PyTorch does not take it for a tensor.
  let isArray: Bool
  /// The error for a caller that asks for its elements.
  let error: TorchError

  /// All of a file.
  static func all(in file: TorchFile) -> [UnreadTensor] {
    file.unsupportedTensors.map {
      UnreadTensor(
        name: TensorName($0.name), description: $0.description, isArray: false,
        error: $0.error)
    }
      + file.arrays.map {
        UnreadTensor(
          name: TensorName($0.name), description: UnreadArray.description, isArray: true,
          error: $0.error)
      }
  }

  /// What the user's rules are applied to, of which only the name counts.
  var input: SchemaInput {
    SchemaInput(info: TensorInfo(name: name, elementType: .uint8, shape: []))
  }

  func named(_ name: TensorName) -> UnreadTensor {
    var renamed = self
    renamed.name = name
    return renamed
  }
}

extension Checkpoint {
  /// Throws the error of the first tensor of a model that cannot be read, if there is one.
  func requireReadable(_ match: ModelMatch) throws(TorchError) {
    guard let problem = match.problems.first(where: \.isUnreadable) else { return }
    let name = TensorName(problem.tensorName)
    if let tensor = unread.first(where: { $0.name == name }) { throw tensor.error }
  }

  /// Throws, if no model was found, the error of the first tensor that shows where one is but
  /// cannot be read.
  func requireReadableDepthwise() throws(TorchError) {
    guard matcher().candidates.isEmpty,
      let tensor = unread.first(where: { Candidate.isDepthwise($0.name) })
    else { return }
    throw tensor.error
  }

  /// What else cannot be read besides the model, in a sentence; `nil` if nothing.
  public func unreadNote(beside match: ModelMatch) -> String? {
    let own = Set(match.problems.filter(\.isUnreadable).map { TensorName($0.tensorName) })
    let others = unread.filter { !own.contains($0.name) && !$0.isArray }
    return others.first.map { first in
      "left out, because it cannot be read: \(quoted(first.name.string)) (\(first.description))"
        + (others.count > 1 ? " and \(others.count - 1) more" : "")
    }
  }
}
