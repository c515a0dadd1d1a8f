public import ByteIO
public import ConvNeXtSchema
public import NativeFormat
public import SafetensorsFormat
public import TensorModel
public import TorchFormat

/// A file with tensors, opened: any container, any naming.
///
/// Opening reads headers and pickles, never tensors.
public struct Checkpoint: Sendable {
  /// The kinds of file that are read.
  public enum Container: String, Sendable {
    case pytorchZip = "pytorch-zip"
    case pytorchLegacy = "pytorch-legacy"
    case pytorchTar = "pytorch-tar"
    case torchScript = "torchscript"
    case safetensors
    case convnext
  }

  /// How a file is opened.
  public struct Options: Sendable {
    /// How much of anything the file may ask for.
    public var limits = Limits.standard
    /// Whether unknown globals of a pickle are kept as named values instead of being refused.
    public var skipsUnknownGlobals = false

    /// The defaults.
    public init() {}
  }

  /// The path as it was given.
  public let path: String
  /// The kind of file.
  public let container: Container
  /// All tensors under their names in the file, in the file's order.
  public let tensors: [Tensor]
  /// For each tensor the path of the dictionary that holds it; empty for the outermost one.
  public let wrappers: [String]
  /// Text that a safetensors file carries beside its tensors.
  public let metadata: [SafetensorsMetadataEntry]
  /// The PyTorch file, where it is one.
  public let torch: TorchFile?
  /// The native file, where it is one.
  public let native: NativeFile?
  /// The bytes of the file.
  public let region: ByteRegion

  /// Opens a file, whatever it is called.
  ///
  /// Throws the error of the system, or of the format that the first bytes belong to.
  public init(path: String, options: Options = Options()) throws {
    let region = try FileMapping(path: path).region
    switch FileSignature(of: region) {
    case .native:
      let file = try NativeFile(region, limits: options.limits)
      self.init(
        path: path, region: region, container: .convnext, tensors: file.tensors, native: file)
    case .safetensors:
      let file = try SafetensorsFile(region, limits: options.limits)
      self.init(
        path: path, region: region, container: .safetensors, tensors: file.tensors,
        metadata: file.metadata)
    case .zip, .pickle, .tar:
      let file = try TorchFile(
        region,
        options: TorchReadingOptions(
          limits: options.limits, skipsUnknownGlobals: options.skipsUnknownGlobals))
      self.init(
        path: path, region: region, container: Container(file.container), tensors: file.tensors,
        wrappers: file.dictionaryPaths, torch: file)
    case .json: throw InputError.unexpectedJSON
    case .empty: throw InputError.emptyFile
    case .foreign(let file): throw InputError.foreignFile(file)
    case .unknown:
      throw InputError.unknownFile(firstBytes: Array(region.array.prefix(8)))
    }
  }

  private init(
    path: String, region: ByteRegion, container: Container, tensors: [Tensor],
    wrappers: [String]? = nil, metadata: [SafetensorsMetadataEntry] = [],
    torch: TorchFile? = nil, native: NativeFile? = nil
  ) {
    self.path = path
    self.region = region
    self.container = container
    self.tensors = tensors
    self.wrappers = wrappers ?? [String](repeating: "", count: tensors.count)
    self.metadata = metadata
    self.torch = torch
    self.native = native
  }

  /// Looks for models among the tensors.
  public func matcher() -> ModelMatcher {
    ModelMatcher(zip(tensors, wrappers).map { SchemaInput(info: $0.info, wrapper: $1) })
  }

  /// The bytes of all tensors, written without gaps.
  public var tensorByteCount: Int { tensors.reduce(0) { $0 &+ $1.byteCount } }
}

extension Checkpoint.Container {
  init(_ container: TorchFile.Container) {
    self =
      switch container {
      case .zip: .pytorchZip
      case .legacy: .pytorchLegacy
      case .tar: .pytorchTar
      case .torchScript: .torchScript
      }
  }
}
