import ByteIO
import NativeFormat
import SafetensorsFormat
import TensorModel
import TorchFormat

/// One file of a checkpoint, read by the reader of its format.
struct LoadedFile {
  let path: String
  let region: ByteRegion
  let container: Checkpoint.Container
  let tensors: [Tensor]
  /// The dictionary that holds each tensor.
  var wrappers: [String]
  var metadata: [SafetensorsMetadataEntry] = []
  var torch: TorchFile?
  var native: NativeFile?
  /// What the file says about quantized tensors.
  var quantizations: [(name: TensorName, quantization: Quantization)] = []

  /// Reads a file in the format that its first bytes indicate.
  init(path: String, region: ByteRegion, options: Checkpoint.Options) throws {
    self.path = path
    self.region = region
    let signature = FileSignature(of: region)
    if signature.holdsTensors, let offset = ForeignFile.offsetOfHiddenHDF5(in: region) {
      throw InputError.hiddenHDF5(byteOffset: offset)
    }
    switch signature {
    case .native:
      if let hidden = HiddenArchive(region) { throw hidden.error }
      let file = try NativeFile(region, limits: options.limits)
      container = .convnext
      tensors = file.checkedTensors
      native = file
      quantizations = file.header.quantizations
    case .safetensors:
      if let hidden = HiddenArchive(region) { throw hidden.error }
      if let hidden = HiddenPickle(region) { throw hidden.error }
      let file = try SafetensorsFile(region, limits: options.limits)
      container = .safetensors
      tensors = file.tensors
      metadata = file.metadata
      quantizations = try QuantizationMetadata.quantizations(
        in: file.metadata, limits: options.limits)
    case .torch:
      let file = try TorchFile(
        region,
        options: TorchReadingOptions(
          limits: options.limits, skipsUnknownGlobals: options.skipsUnknownGlobals))
      container = Checkpoint.Container(file.container)
      tensors = file.tensors
      wrappers = file.dictionaryPaths
      torch = file
      return
    case .json: throw InputError.unexpectedJSON
    case .empty: throw InputError.emptyFile
    case .foreign(let file): throw InputError.foreignFile(file)
    case .unknown:
      throw InputError(unknown: region)
    }
    wrappers = [String](repeating: "", count: tensors.count)
  }
}
