import ByteIO
public import ConvNeXtSchema
import TensorModel

/// What is uncertain about a model, and stays so in whatever format it is written.
extension Checkpoint {
  /// These doubts in words; `Inspection.doubts` has those about the file as well.
  public func doubts(of match: ModelMatch) -> [String] {
    [
      foreignness(of: match), codesOfOthers(of: match), integerWeights(of: match),
      batchNorms(of: match),
    ].compactMap { $0 }
      + assumptions(of: match)
  }

  /// Whether so much does not fit that the file is likely to hold another network with blocks like a
  /// ConvNeXt's, in words; `nil` if not.
  private func foreignness(of match: ModelMatch) -> String? {
    let expected = match.architecture.tensorCount
    let odd = match.extraNamesWithinBackbone(of: inputs).count
    guard 2 * match.tensors.count < expected || odd > match.tensors.count else { return nil }
    return
      "this may be another network with blocks like a ConvNeXt's: of \(counted(expected, "tensor")) "
      + "\(match.tensors.count) fit"
      + (odd > 0 ? ", and within its backbone there are \(odd) that no ConvNeXt has" : "")
  }

  /// By what the folder's configuration says that the weights are quantized, if they are not those
  /// of a plain model; `nil` otherwise.
  func otherQuantization(of match: ModelMatch) -> String? {
    guard let entry = folder?.config?[nonNull: "quantization_config"],
      !match.isComplete || integerWeights(of: match) != nil
        || match.tensors.contains(where: { FloatFormat(tensors[$0.inputIndex].elementType) == nil })
    else { return nil }
    return entry["quant_method"]?.stringValue ?? "quantization_config"
  }

  private func codesOfOthers(of match: ModelMatch) -> String? {
    otherQuantization(of: match).map {
      "config.json says that the weights are quantized by \(quoted($0)): they are codes, which are "
        + "not read"
    }
  }

  /// What is assumed about the model, in words.
  func assumptions(of match: ModelMatch) -> [String] {
    match.architecture.assumptions(of: origin(of: match)).map(\.sentence)
  }

  /// Which of the model's weights are neither floating-point numbers nor codes with scales, in
  /// words; `nil` if none.
  func integerWeights(of match: ModelMatch) -> String? {
    let odd = match.tensors.map { tensors[$0.inputIndex] }.filter {
      !$0.elementType.isFloatingPoint && quantizedTensors[$0.name] == nil
    }
    return odd.first.map { first in
      "weights that are not floating-point numbers: \(quoted(first.name.string)) is "
        + first.elementType.name + (odd.count > 1 ? ", and there are \(odd.count - 1) more" : "")
    }
  }

  /// What the folder's `config.json` says that disagrees with the weights, in words.
  public func disagreements(of match: ModelMatch) -> [String] {
    folder?.disagreements(with: match.architecture) ?? []
  }

  /// What transformers would do to the weights of a folder when it loads them, and is not done here,
  /// in words.
  public func companionNotes(of match: ModelMatch) -> [String] {
    guard let folder else { return [] }
    let types = match.tensors.lazy.map { self.tensors[$0.inputIndex].elementType }
    return [folder.adapterNote, folder.roundingNote(of: types)].compactMap { $0 }
  }

  /// Which of the model's norms are batch norms, in words; `nil` if none. Their weights have the
  /// names and shapes of a layer norm's, but what they compute is different.
  func batchNorms(of match: ModelMatch) -> String? {
    let statistics = ".running_mean".utf8
    let weights = Set(match.tensors.map { tensors[$0.inputIndex].name })
    let norms = match.problems.compactMap { problem -> String? in
      guard case .extra(let name, _, _) = problem, name.utf8.count > statistics.count,
        name.utf8.suffix(statistics.count).elementsEqual(statistics)
      else { return nil }
      let norm = String(Substring(name.utf8.dropLast(statistics.count)))
      return weights.contains(TensorName("\(norm).weight")) ? norm : nil
    }
    return norms.first.map { first in
      "batch norms, which no ConvNeXt has: \(quoted(first)) has running statistics"
        + (norms.count > 1 ? ", and \(norms.count - 1) more have" : "")
        + "; they are treated as layer norms"
    }
  }
}
