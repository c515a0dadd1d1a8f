public import ByteIO
import ConvNeXtSchema
import NativeFormat
import SafetensorsFormat
import TensorModel
import TorchFormat

/// What a conversion wrote.
public struct ConversionResult: Sendable {
  /// The files, the weights first.
  public let paths: [String]
  /// The bytes of the file with the weights.
  public let byteCount: Int
  /// The content digest, if it was computed along the way, as for `.convnext` files.
  public let contentDigest: SHA256Digest?
}

extension ConversionPlan {
  /// The size that the file with the weights will have at a path.
  ///
  /// Throws if the container cannot hold one of the tensors.
  public func byteCount(at path: String) throws -> Int {
    switch request.container {
    case .convnext: try nativeWriter().byteCount
    case .safetensors: try safetensorsWriter().byteCount
    case .pytorch: try torchWriter(path: path).byteCount
    }
  }

  /// Writes the result to a file or, for Hugging Face, to a folder that `from_pretrained` loads.
  ///
  /// A file appears whole or not at all. Throws `SystemError` if something exists at `path` and
  /// `replacingExisting` is false, or if writing fails; `BelowMinimumSQNR` if the result is not as
  /// good as was asked for.
  ///
  /// - Parameter prepare: Called once everything is written but nothing has appeared yet, so that
  ///   other files of the result can be written, too. If it throws, nothing is left behind.
  public func write(
    to path: String, replacingExisting: Bool,
    _ prepare: (ConversionResult) throws -> Void = { _ in }
  ) throws -> ConversionResult {
    guard Self.isFolder(path) else {
      let (weights, result) = try writtenWeights(to: path, replacingExisting: replacingExisting)
      try prepare(result)
      try weights.commit()
      return result
    }
    try requireFits(path)
    let folder = ModelFolder.withoutSlash(path)
    return try withExtendedLifetime(OutputFolder(path: folder)) {
      try writeFiles(in: folder, replacingExisting: replacingExisting, prepare)
    }
  }

  /// Whether a path means a folder for transformers.
  public static func isFolder(_ path: String) -> Bool {
    path.hasSuffix("/") || FileSystem.kind(of: path) == .folder
  }

  /// Throws if a path means a folder but the result is not one that transformers loads.
  public func requireFits(_ path: String) throws {
    guard Self.isFolder(path) else { return }
    guard naming == .huggingface else {
      throw FileError(ConversionError.folderNeedsHuggingFace, path: path)
    }
    if let error = Self.codesNotKept(steps, request) { throw FileError(error, path: path) }
  }

  /// The files that `write` makes at a path, the weights first.
  public func paths(at path: String) -> [String] {
    guard Self.isFolder(path) else { return [path] }
    let folder = ModelFolder.withoutSlash(path)
    let preprocessor = preprocessing == nil ? [] : [ModelFolder.preprocessorName]
    return ([weightsName, ModelFolder.configurationName] + preprocessor).map { "\(folder)/\($0)" }
  }

  /// The name of the file with the weights in a folder for transformers.
  var weightsName: String {
    request.container == .pytorch ? "pytorch_model.bin" : "model.safetensors"
  }

  /// The texts that accompany the weights in a folder for transformers.
  private var configurations: [(name: String, json: JSONValue)] {
    [(ModelFolder.configurationName, huggingFaceConfig)]
      + (preprocessing.map { [(ModelFolder.preprocessorName, $0)] } ?? [])
  }

  private var preprocessing: JSONValue? {
    nativeHeader.preprocessing.flatMap(PreprocessorConfiguration.huggingFace)
  }

  private func writeFiles(
    in folder: String, replacingExisting: Bool, _ prepare: (ConversionResult) throws -> Void
  ) throws -> ConversionResult {
    // All files are written before the first one appears.
    let configs = try configurations.map { name, json in
      let output = try OutputFile(
        path: "\(folder)/\(name)", replacingExisting: replacingExisting)
      // A full disk is found before the weights appear.
      try output.writeAndSynchronize(Array((json.serialized(isPretty: true) + "\n").utf8))
      return output
    }
    let (weights, written) = try writtenWeights(
      to: "\(folder)/\(weightsName)", replacingExisting: replacingExisting)
    let result = ConversionResult(
      paths: written.paths + configs.map(\.path), byteCount: written.byteCount,
      contentDigest: written.contentDigest)
    try prepare(result)
    try weights.commit()
    for config in configs { try config.commit() }
    return result
  }

  /// The file with the weights, which has not appeared yet.
  private func writtenWeights(
    to path: String, replacingExisting: Bool
  ) throws -> (file: OutputFile, result: ConversionResult) {
    var contentDigest: SHA256Digest?
    let byteCount: Int
    let output = try OutputFile(path: path, replacingExisting: replacingExisting)
    switch request.container {
    case .convnext:
      let writer = try nativeWriter()
      contentDigest = try writer.write(to: output).manifest.contentDigest
      byteCount = writer.byteCount
    case .safetensors:
      let writer = try safetensorsWriter()
      try writer.write(to: output)
      byteCount = writer.byteCount
    case .pytorch:
      let writer = try torchWriter(path: path)
      try writer.write(to: output)
      byteCount = writer.byteCount
    }
    try requireQuality()
    return (
      output,
      ConversionResult(paths: [path], byteCount: byteCount, contentDigest: contentDigest)
    )
  }

  /// A single file has a digest. The source of a `.convnext` file is the one that it was made from,
  /// whose digest its header holds.
  private func nativeWriter() throws -> NativeWriter {
    let region = checkpoint.files.first?.region ?? .empty
    let digest = { @Sendable () throws -> SHA256Digest in SHA256Digest(of: region) }
    let hasDigest = checkpoint.native == nil && checkpoint.files.count == 1
    return try NativeWriter(
      header: nativeHeader, tensors: outputs,
      quantizations: Dictionary(
        steps.compactMap { step in step.quantized.map { (step.output.name, $0.quantization) } }
      ) { first, _ in first },
      sourceDigest: hasDigest ? digest : nil, limits: checkpoint.limits)
  }

  private func safetensorsWriter() throws -> SafetensorsWriter {
    // transformers refuses files without a format (transformers issue 27923 and others).
    var metadata = checkpoint.metadata.filter { !OwnMetadata.keys.contains($0.key) }
    metadata.append(SafetensorsMetadataEntry(key: "format", value: "pt"))
    if naming == .canonical {
      metadata +=
        OwnMetadata(
          features: match.architecture.features, origin: checkpoint.origin(of: match)
        ).entries
    }
    if let entry = QuantizationMetadata.entry(of: steps.compactMap(\.quantized)) {
      metadata.append(entry)
    }
    return try SafetensorsWriter(tensors: outputs, metadata: metadata)
  }

  private func torchWriter(path: String) throws -> TorchWriter {
    try TorchWriter(
      tensors: steps.map(\.output), archiveName: TorchWriter.archiveName(forPath: path))
  }
}
