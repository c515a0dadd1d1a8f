import ByteIO
import ConvNeXtSchema
public import Inspect
import Quantize
import TensorModel
import TorchFormat

extension ModelDiff {
  /// Compares two checkpoints: under canonical names if both hold a ConvNeXt that
  /// `Checkpoint.namedMatch` finds; otherwise all tensors under the names in the files.
  ///
  /// - Parameters:
  ///   - first: The first checkpoint.
  ///   - second: The second, which is compared with the first.
  ///   - firstKey: Where the first one's weights are; `nil` for the preferred place.
  ///   - secondKey: The same for the second.
  ///   - usesSourceNames: Whether tensors are always paired under the files' names.
  ///   - tolerance: The difference up to which two elements count as equal.
  /// - Throws: `FileError` with the error of a storage, or of a tensor that cannot be read.
  public init(
    _ first: Checkpoint, _ second: Checkpoint, firstKey: String? = nil, secondKey: String? = nil,
    usesSourceNames: Bool = false,
    tolerance: Double? = nil
  ) throws {
    if !usesSourceNames {
      for (checkpoint, key) in [(first, firstKey), (second, secondKey)] {
        do {
          try checkpoint.requireReadableModel(key: key)
        } catch let error as TorchError {
          throw FileError(error, path: checkpoint.path)
        }
      }
    }
    if !usesSourceNames, let firstMatch = try first.namedMatch(key: firstKey),
      let secondMatch = try second.namedMatch(key: secondKey)
    {
      let quantized = [
        try QuantizedPairs(firstMatch, first, secondMatch, second),
        try QuantizedPairs(secondMatch, second, firstMatch, first),
      ]
      try self.init(
        first.namingItself(in: firstMatch.canonicalWeights(of: first)),
        second.namingItself(in: secondMatch.canonicalWeights(of: second)),
        isModel: true, tolerance: tolerance,
        modelDifference: Self.difference((firstMatch, first), (secondMatch, second)),
        firstOther: first.namingItself(in: first.otherTensors(beside: firstMatch)),
        secondOther: second.namingItself(in: second.otherTensors(beside: secondMatch)),
        quantization: { name in
          for (pairs, isFirst) in zip(quantized, [true, false]) {
            if let scheme = try pairs.scheme(of: name) {
              return ModelDiff.Quantized(scheme: scheme, isFirst: isFirst)
            }
          }
          return nil
        })
      return
    }
    if first.storedTensors.isEmpty, second.storedTensors.isEmpty {
      for checkpoint in [first, second] { try checkpoint.requireTensors() }
    }
    for checkpoint in [first, second] {
      if let unsupported = checkpoint.unsupportedTensors.first {
        throw FileError(unsupported.error, path: checkpoint.path)
      }
    }
    try self.init(
      first.namingItself(in: first.storedTensors), second.namingItself(in: second.storedTensors),
      isModel: false, tolerance: tolerance)
  }

  private typealias Model = (match: ModelMatch, checkpoint: Checkpoint)

  /// How two models with the same tensors differ, in words; `nil` if in no known way.
  private static func difference(_ first: Model, _ second: Model) -> String? {
    let models = [first, second]
    let untold = models.map { Set($0.match.architecture.untoldFeatures) }
    var sentences = zip(
      ["first", "second"], [untold[0].subtracting(untold[1]), untold[1].subtracting(untold[0])]
    )
    .filter { !$1.isEmpty }
    .map { "only the \($0) computes '\($1.sorted().joined(separator: "', '"))'" }
    let within = models.map { $0.match.extraNamesWithinBackbone(of: $0.checkpoint.inputs) }
    for (ordinal, names, others) in [
      ("first", within[0], within[1]), ("second", within[1], within[0]),
    ] {
      let known = Set(others)
      let own = names.filter { !known.contains($0) }
      if !own.isEmpty {
        sentences.append("only the \(ordinal) has \(quotedList(own.map(\.string))) in its backbone")
      }
    }
    // If one says nothing, the publisher's epsilon is only likely; as a feature it is reported
    // above.
    if models.allSatisfy({
      $0.checkpoint.statesEpsilons && $0.match.architecture.statedEpsilon == nil
    }) {
      let epsilons = models.map { NormEpsilons(of: $0.match, in: $0.checkpoint) }
      if let sentence = epsilons[0].difference(from: epsilons[1]) { sentences.append(sentence) }
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: ", ")
  }
}

/// Tensors that are quantized in one model, with the same tensors of another.
private struct QuantizedPairs: Sendable {
  private let pairs: [TensorName: (quantized: QuantizedTensor, other: Tensor)]

  init(
    _ match: ModelMatch, _ checkpoint: Checkpoint, _ otherMatch: ModelMatch,
    _ otherCheckpoint: Checkpoint
  ) throws {
    let others = otherMatch.canonicalTensors(of: otherCheckpoint)
    let otherByName = Dictionary(others.map { ($0.name, $0) }) { first, _ in first }
    pairs = Dictionary(
      try match.canonicalQuantizedTensors(of: checkpoint).compactMap { quantized in
        otherByName[quantized.codes.name].map { (quantized.codes.name, (quantized, $0)) }
      }
    ) { first, _ in first }
  }

  /// The scheme of a tensor, if quantizing the other model's gives the same codes and scales.
  func scheme(of name: TensorName) throws -> QuantizationScheme? {
    guard let (quantized, other) = pairs[name],
      Quantization.sourceTypes.contains(other.elementType)
    else { return nil }
    let scheme = quantized.quantization.scheme
    do {
      let anew = try WeightCodes(other, scheme: scheme, name: name.string).quantized
      let isSame =
        try anew.codes.digest() == quantized.codes.digest()
        && anew.scales.digest() == quantized.scales.digest()
      return isSame ? scheme : nil
    } catch is QuantizeError {
      // What cannot be quantized is not what the codes were made from.
      return nil
    }
  }
}

extension Checkpoint {
  /// Tensors of this file, with errors that name it.
  fileprivate func namingItself(in tensors: [Tensor]) -> [Tensor] {
    tensors.map { $0.reading(NamedStorage($0.storage, path: path)) }
  }

  /// Tensors that are next to a model's own without being part of it, under their names without the
  /// path to the model, unless that makes two equal. Quantized ones are dequantized.
  fileprivate func otherTensors(beside match: ModelMatch) throws -> [Tensor] {
    let extraNames = Set(match.extraNames)
    let indices = inputs.indices.filter { extraNames.contains(inputs[$0].info.name) }
    let fullNames = indices.map { inputs[$0].info.name }
    let path = match.candidate.path.utf8
    let ownNames = fullNames.map { name in
      name.utf8.starts(with: path)
        ? TensorName(String(Substring(name.utf8.dropFirst(path.count)))) : name
    }
    let names = Set(ownNames).count == ownNames.count ? ownNames : fullNames
    return try zip(indices, names).map { index, name in
      let tensor = tensors[index]
      return try (quantizedTensors[tensor.name]?.dequantized ?? tensor)
        .renamed(name, shape: tensor.shape)
    }
  }
}

/// Another storage's bytes, with errors that name their file.
private final class NamedStorage: TensorStorage {
  private let storage: any TensorStorage
  private let path: String
  var byteCount: Int { storage.byteCount }

  init(_ storage: any TensorStorage, path: String) {
    self.storage = storage
    self.path = path
  }

  func bytes() throws -> ByteRegion {
    do {
      return try storage.bytes()
    } catch let error as any CheckpointError {
      throw FileError(error, path: path)
    }
  }

  func pieces() throws -> (any StoragePieces)? {
    do {
      return try storage.pieces()
    } catch let error as any CheckpointError {
      throw FileError(error, path: path)
    }
  }

  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    var isOwnError = true
    do {
      try storage.forEachPiece { piece in
        isOwnError = false
        try body(piece)
        isOwnError = true
      }
    } catch let error as any CheckpointError where isOwnError {
      throw FileError(error, path: path)
    }
  }
}
