public import ByteIO
public import ConvNeXtSchema
public import TensorModel
import TorchFormat

extension ModelMatch {
  /// The model's tensors under canonical names and in canonical shapes, in canonical order.
  ///
  /// - Parameter checkpoint: The file that the match was made from.
  public func canonicalTensors(of checkpoint: Checkpoint) -> [Tensor] {
    tensors.map { matched in
      checkpoint.tensors[matched.inputIndex].renamed(
        TensorName(matched.parameter.name), shape: matched.parameter.shape)
    }
  }

  /// The quantized ones among the model's tensors, under canonical names and in canonical shapes.
  ///
  /// Throws where the scales of one do not fit its canonical shape.
  public func canonicalQuantizedTensors(
    of checkpoint: Checkpoint
  ) throws(QuantizationError) -> [QuantizedTensor] {
    guard !checkpoint.quantizedTensors.isEmpty else { return [] }
    var result: [QuantizedTensor] = []
    for matched in tensors {
      let name = checkpoint.tensors[matched.inputIndex].name
      guard let quantized = checkpoint.quantizedTensors[name] else { continue }
      result.append(
        try quantized.renamed(
          TensorName(matched.parameter.name), shape: matched.parameter.shape))
    }
    return result
  }

  /// The model's weights as numbers, under canonical names and in canonical shapes: of quantized
  /// ones what their codes stand for, computed when it is read.
  public func canonicalWeights(of checkpoint: Checkpoint) throws -> [Tensor] {
    let quantized = try canonicalQuantizedTensors(of: checkpoint)
    let quantizedByName = Dictionary(quantized.map { ($0.codes.name, $0) }) { first, _ in first }
    return try canonicalTensors(of: checkpoint).map {
      try quantizedByName[$0.name]?.dequantized ?? $0
    }
  }
}

extension Checkpoint {
  /// The manifest under canonical names where the file holds a ConvNeXt, as `namedMatch` has it,
  /// else under the file's own names.
  ///
  /// Reads all tensors concerned. Throws where one of the file's own tensors cannot be read.
  public func manifest(key: String? = nil, usesSourceNames: Bool = false) throws -> Manifest {
    if !usesSourceNames, let match = try namedMatch(key: key) {
      let scales = try match.canonicalQuantizedTensors(of: self).map(\.scales)
      return try Manifest(of: match.canonicalTensors(of: self) + scales)
    }
    if let unsupported = unsupportedTensors.first { throw unsupported.error }
    try requireTensors()
    return try Manifest(of: storedTensors)
  }

  /// The same, where the model is matched and the digest of each of `tensors` is known; `nil` where
  /// tensors of the file cannot be read. Only scales are read, and quantized tensors of files that
  /// hold no ConvNeXt.
  public func manifest(of match: ModelMatch?, digests: [SHA256Digest]) throws -> Manifest? {
    if let match, match.hasCanonicalNames {
      let scales = try match.canonicalQuantizedTensors(of: self).map(\.scales)
      let entries = zip(match.tensors, match.canonicalTensors(of: self)).map { matched, tensor in
        ManifestEntry(info: tensor.info, digest: digests[matched.inputIndex])
      }
      return try Manifest(entries + Manifest(of: scales).entries)
    }
    guard unsupportedTensors.isEmpty else { return nil }
    guard quantizedTensors.isEmpty else { return try manifest(usesSourceNames: true) }
    return Manifest(
      zip(tensors, digests).map { ManifestEntry(info: $0.info, digest: $1) })
  }

  /// Throws where a PyTorch file has no tensors: what is in it, is not looked at, and two such
  /// files are not the same for that.
  func requireTensors() throws {
    guard let torch, torch.tensors.isEmpty, torch.unsupportedTensors.isEmpty else { return }
    let hasArrays = torch.globals.contains { $0.module.hasPrefix("numpy.") && $0.verdict == .inert }
    throw FileError(InputError.noTensors(hasArrays: hasArrays), path: path)
  }

  /// The ConvNeXt in the file that has all its tensors, whatever else there is, or `nil`.
  public func completeMatch() throws -> ModelMatch? {
    guard let match = try namedMatch(), match.hasAllTensors else { return nil }
    return match
  }

  /// The ConvNeXt in the file that canonical names stand for, or `nil`; a `key` must lead to one.
  ///
  /// Tensors may be missing, as long as nothing else is wrong: then no tensor of the file could be
  /// one of them under another name, and none is left out by going by canonical names.
  public func namedMatch(key: String? = nil) throws -> ModelMatch? {
    let matcher = matcher()
    if key == nil && matcher.candidates.isEmpty { return nil }
    let match = try match(by: matcher, key: key)
    if match.hasCanonicalNames { return match }
    if key == nil { return nil }
    throw SchemaError.doesNotFit(model: match.modelName, problems: match.faults)
  }

  /// The ConvNeXt at one place, held against the file.
  ///
  /// Tensors that the model registers twice are read: what differs from its first name is extra.
  ///
  /// - Parameters:
  ///   - matcher: The file's own.
  ///   - key: Where to look; `nil`: the preferred place.
  ///   - isBackboneOnly: Whether only the backbone is taken.
  /// - Throws: `SchemaError` where there is none, and what the storages throw.
  func match(
    by matcher: ModelMatcher, key: String? = nil, isBackboneOnly: Bool = false
  ) throws -> ModelMatch {
    try matcher.match(key: key, isBackboneOnly: isBackboneOnly).checkingRepeated { repeated in
      let (second, first) = (tensors[repeated.inputIndex], tensors[repeated.originalIndex])
      return try second.elementType == first.elementType && second.digest() == first.digest()
    }
  }
}

extension ModelMatch {
  /// Whether the file has every tensor of the model, in its shape, whatever else it holds.
  public var hasAllTensors: Bool { faults.isEmpty }

  /// Whether canonical names can stand for the names in the file: every tensor of the model is
  /// there, whatever else is; or some are missing, fewer than are there, and nothing else is wrong.
  public var hasCanonicalNames: Bool {
    if hasAllTensors { return true }
    return problems.allSatisfy(\.isMissing)
      && problems.count < tensors.count
  }

  /// Problems with the model's own tensors.
  fileprivate var faults: [MatchProblem] {
    problems.filter { !$0.isExtra }
  }

  /// What the model is, in words: `ConvNeXt V1 tiny`.
  public var modelName: String {
    "ConvNeXt V\(architecture.version) \(Variant(of: architecture)?.name ?? "of a custom size")"
  }
}
