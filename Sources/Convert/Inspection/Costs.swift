import ConvNeXtSchema
import Inspect
import TensorModel

/// What a model costs, if that is known, and what is doubtful about it.
struct Costs {
  var summary: ModelSummary?
  var doubts: [String] = []

  /// - Parameters:
  ///   - imageSize: The size, if known; `nil` for the usual one, or the smallest that will do.
  ///   - isAsked: Whether the user gave the size; if so, one that does not fit the model is an
  ///     error.
  init(
    _ match: ModelMatch?, of checkpoint: Checkpoint, imageSize: Int?, isAsked: Bool
  ) throws(SchemaError) {
    guard let match else { return }
    let usual = Inspection.usualImageSize
    let usedSize =
      imageSize
      ?? min(max(usual, match.architecture.minimumImageSize), Architecture.largestImageSize)
    do {
      summary = try match.summary(of: checkpoint, imageSize: usedSize)
      if imageSize == nil, usedSize > usual {
        doubts.append(
          "images of \(usual) pixels are too small for the model; costs are given for "
            + "\(usedSize), the smallest that it takes")
      }
    } catch {
      if isAsked { throw error }
      doubts.append("no costs are given: \(error.message)")
    }
  }
}

extension ModelMatch {
  /// What the model is and costs, with the element types that its tensors have in a checkpoint.
  fileprivate func summary(
    of checkpoint: Checkpoint, imageSize: Int
  ) throws(SchemaError) -> ModelSummary {
    let elementTypes = Dictionary(
      tensors.map { ($0.parameter.name, checkpoint.tensors[$0.inputIndex].elementType) }
    ) { first, _ in first }
    return try ModelSummary(architecture, imageSize: imageSize, elementTypes: elementTypes)
  }
}
