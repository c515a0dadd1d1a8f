import ByteIO
public import ConvNeXtSchema
public import TensorModel

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
}

extension Checkpoint {
  /// The manifest under canonical names where the file holds a complete ConvNeXt, else under the
  /// file's own names.
  ///
  /// Reads all tensors concerned, except of a `.convnext` file when `trustsHeader` is set.
  public func manifest(key: String? = nil, usesSourceNames: Bool = false) throws -> Manifest {
    if !usesSourceNames, let match = try completeMatch(key: key) {
      return try Manifest(of: match.canonicalTensors(of: self))
    }
    return try Manifest(of: tensors)
  }

  /// The complete ConvNeXt in the file, or `nil` where there is none; a `key` must lead to one.
  public func completeMatch(key: String? = nil) throws(SchemaError) -> ModelMatch? {
    let matcher = matcher()
    if key == nil && matcher.candidates.isEmpty { return nil }
    let match = try matcher.match(key: key)
    if match.isComplete { return match }
    if key == nil { return nil }
    throw .doesNotFit(model: match.modelName, problems: match.problems)
  }
}

extension ModelMatch {
  /// What the model is, in words: `ConvNeXt V1 tiny`.
  public var modelName: String {
    "ConvNeXt V\(architecture.version) \(Variant(of: architecture)?.name ?? "of a custom size")"
  }
}
