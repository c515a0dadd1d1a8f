public import ByteIO
public import ConvNeXtSchema
import NativeFormat
import SafetensorsFormat
import Synchronization
public import TensorModel
import TorchFormat

extension Checkpoint {
  /// The manifest under canonical names if the file holds a ConvNeXt that `namedMatch` finds, else
  /// under the file's own names.
  ///
  /// Reads all tensors concerned. Throws if one of the file's own tensors cannot be read.
  public func manifest(key: String? = nil, usesSourceNames: Bool = false) throws -> Manifest {
    if !usesSourceNames { try requireReadableModel(key: key) }
    if !usesSourceNames, let match = try namedMatch(key: key) {
      let scales = try match.canonicalQuantizedTensors(of: self).map(\.scales)
      return try Manifest(of: match.canonicalTensors(of: self) + scales)
    }
    if let unsupported = unsupportedTensors.first { throw unsupported.error }
    try requireTensors()
    return try Manifest(of: storedTensors)
  }

  /// The same, if the model is matched and the digest of each of `tensors` is known; `nil` if
  /// tensors of the file cannot be read. Reads only scales, or all tensors of a file that has
  /// quantized ones and holds no ConvNeXt.
  ///
  /// Throws if scales do not fit their weight's canonical shape, or cannot be read.
  public func manifest(of match: ModelMatch?, digests: [SHA256Digest]) throws -> Manifest? {
    if let match, match.hasCanonicalNames {
      let scales = try match.canonicalQuantizedTensors(of: self).map(\.scales)
      let entries = zip(match.tensors, match.canonicalTensors(of: self)).map { matched, tensor in
        ManifestEntry(info: tensor.info, digest: digests[matched.inputIndex])
      }
      return try Manifest(entries + Manifest(of: scales).entries)
    }
    guard unsupportedTensors.isEmpty, match?.problems.contains(where: \.isUnreadable) != true else {
      return nil
    }
    guard quantizedTensors.isEmpty else { return try manifest(usesSourceNames: true) }
    return Manifest(
      zip(tensors, digests).map { ManifestEntry(info: $0.info, digest: $1) })
  }

  /// The content digest computed from the digests in a native header, without reading anything;
  /// `nil` for other files.
  ///
  /// Scales follow the weights that they belong to, as in `manifest`, whatever their names in the
  /// header.
  func statedContentDigest(of match: ModelMatch?) throws -> SHA256Digest? {
    guard let native else { return nil }
    guard let match, match.hasCanonicalNames else { return native.header.manifest.contentDigest }
    let digests = Dictionary(native.header.tensors.map { ($0.info.name, $0.digest) }) { first, _ in
      first
    }
    var entries: [ManifestEntry] = []
    for (matched, tensor) in zip(match.tensors, match.canonicalTensors(of: self)) {
      let name = tensors[matched.inputIndex].name
      guard let digest = digests[name] else { continue }
      entries.append(ManifestEntry(info: tensor.info, digest: digest))
      guard let quantized = quantizedTensors[name], let digest = digests[quantized.scales.name]
      else { continue }
      let scales = try quantized.renamed(tensor.name, shape: tensor.shape).scales
      entries.append(ManifestEntry(info: scales.info, digest: digest))
    }
    return Manifest(entries).contentDigest
  }

  /// The naming that the weights had originally: a native file records that of its source, and so
  /// does the metadata of a safetensors file with canonical names.
  func origin(of match: ModelMatch) -> Naming {
    let naming = match.candidate.naming
    let stated =
      native?.header.source.naming
      ?? (naming == .canonical ? OwnMetadata(metadata).origin : nil)
    return stated.flatMap { Naming(rawValue: $0) } ?? naming
  }

  /// Throws if a PyTorch file has no tensors: its other values are not examined, so two such
  /// files must not pass for equal.
  func requireTensors() throws {
    guard !torchFiles.isEmpty, storedTensors.isEmpty, unsupportedTensors.isEmpty else { return }
    let hasArrays = torchFiles.contains { file in
      file.globals.contains { $0.globalName.module.hasPrefix("numpy.") && $0.verdict == .inert }
    }
    throw FileError(InputError.noTensors(hasArrays: hasArrays), path: path)
  }

  /// The ConvNeXt in the file, if its tensors can have canonical names, or `nil`; a `key` must lead
  /// to one.
  ///
  /// Tensors may be missing, as long as nothing else is wrong: then no tensor of the file could be
  /// one of them under another name, and canonical names leave none out.
  ///
  /// Throws `SchemaError` if there is none at `key` or it does not fit, and what the storages
  /// throw.
  public func namedMatch(key: String? = nil) throws -> ModelMatch? {
    if key == nil && matcher().candidates.isEmpty { return nil }
    let match = try match(key: key)
    if match.hasCanonicalNames { return match }
    if key == nil { return nil }
    throw SchemaError.doesNotFit(model: match.modelName, problems: match.faults)
  }

  /// Throws the error of the first tensor of the model at `key` that cannot be read; `nil` is the
  /// preferred place, if there is any.
  func requireReadableModel(key: String?) throws {
    guard key != nil || !matcher().candidates.isEmpty else { return }
    try requireReadable(match(key: key))
  }

  /// The ConvNeXt at one place, matched against the file when it is first asked for.
  ///
  /// Tensors that the model registers twice are read: a second copy that differs from the first is
  /// extra.
  ///
  /// - Parameters:
  ///   - key: Where to look; `nil` for the preferred place.
  ///   - isBackboneOnly: Whether only the backbone is matched.
  /// - Throws: `SchemaError` if there is none, and what the storages throw.
  func match(key: String? = nil, isBackboneOnly: Bool = false) throws -> ModelMatch {
    let request = FoundModels.Request(
      key: key.map { Array($0.utf8) }, isBackboneOnly: isBackboneOnly)
    if let known = foundModels.matches.withLock({ $0[request] }) { return known }
    try requireReadableDepthwise()
    let found = try matcher().match(key: key, isBackboneOnly: isBackboneOnly)
    let aliases = { SharedStorages.aliases(of: found, named: $0, in: self) }
    let match =
      try found
      .checkingRepeated { repeated in
        let (second, first) = (tensors[repeated.inputIndex], tensors[repeated.originalIndex])
        return try second.elementType == first.elementType && second.digest() == first.digest()
      }
      .settingAside(aliases: aliases)
      .noting(
        unreadable: unread.map { ($0.name, $0.description) }, isBackboneOnly: isBackboneOnly)
    foundModels.matches.withLock { $0[request] = match }
    return match
  }
}
