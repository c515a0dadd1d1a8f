public import ByteIO
public import TensorModel

/// A file that `torch.save` or `torch.jit.save` wrote, of any version since 2017.
///
/// Opening reads the directory and the pickles; elements are read when a tensor is asked for them.
/// Nothing in the file is ever executed or looked up.
public struct TorchFile: Sendable {
  /// The containers that are read.
  public enum Container: String, Sendable {
    /// A zip archive, since 1.6.
    case zip
    /// A sequence of pickles, before 1.6.
    case legacy
    /// A zip archive of `torch.jit.save`, with a program that is left alone.
    case torchScript
  }

  /// The kind of file.
  public let container: Container
  /// The tensors in the file's order, under their paths through dictionaries, lists and attributes,
  /// joined by dots. A tensor that the file holds in several places has several names. What is set
  /// on a dictionary or a tensor itself is listed below `__dict__`.
  public let tensors: [Tensor]
  /// For each tensor, the path of the dictionary that it is an entry of: `model` for
  /// `model.stem.0.weight` in `{'model': state_dict}`; empty for the outermost one.
  public let dictionaryPaths: [String]
  /// Everything that the file holds, as a tree of values that do nothing.
  public let root: TorchValue
  /// The globals that the file's pickles ask for, in the file's order: every use, or, beyond
  /// 100,000, at least one of each global.
  public let globals: [GlobalUse]
  /// The tensors that cannot be read: quantized, sparse, without data.
  public let unsupportedTensors: [UnsupportedTensor]
  /// NumPy arrays among the entries of dictionaries with tensors.
  package let arrays: [UnreadArray]
  /// The pickle protocol of the object; 0 where the pickle does not say, as in protocol 1.
  public let pickleProtocol: Int
  /// Whether the elements are stored with the highest byte first.
  public let isBigEndian: Bool
  /// The folder in the zip archive, which PyTorch names after the file.
  public var archiveName: String? { archive?.folder }

  /// The names of the files that `torch.jit.save` was given besides the model (`_extra_files`).
  package var extraFileNames: [String] {
    guard let archive else { return [] }
    let folder = archive.name(of: "extra/")
    return archive.entries.map(\.name).filter { $0.utf8.starts(with: folder.utf8) }
      .map { String(Substring($0.utf8.dropFirst(folder.utf8.count))) }
  }

  /// Whether elements are deflated. PyTorch does not write such files: `torch.load` inflates the
  /// elements, but with `mmap=True` uses the bytes in their place as they are. Linear in the number
  /// of tensors.
  public var hasDeflatedTensors: Bool {
    tensors.contains { ($0.storage as? RecordStorage)?.isDeflated ?? false }
  }

  private let archive: ZipArchive?

  /// Reads a file's directory and pickles.
  ///
  /// Throws `TorchError` where the file breaks a rule of its format, is of a kind that is not
  /// supported, or asks for a global that is not allowed.
  public init(
    _ region: ByteRegion, options: TorchReadingOptions = TorchReadingOptions()
  ) throws(TorchError) {
    var session = PickleSession(
      options: options, policy: options.skipsUnknownGlobals ? .skippingUnknown : .strict,
      fileByteCount: region.byteCount)
    let contents = try TorchContents(region, &session)
    container = contents.container
    tensors = contents.tree.tensors
    dictionaryPaths = contents.tree.dictionaryPaths
    root = contents.root
    globals = session.globals
    unsupportedTensors = contents.tree.unsupported
    arrays = contents.tree.arrays
    pickleProtocol = contents.pickleProtocol
    isBigEndian = contents.isBigEndian
    archive = contents.archive
  }

  /// Whether a file's first bytes are those of a container that PyTorch writes or has written.
  ///
  /// A zip archive or a pickle can still be something else, which opening determines.
  public static func looksLikeTorch(_ region: ByteRegion) -> Bool {
    switch TorchSniffing(region) {
    case .zip, .legacyOrPickle, .tar, .preview, .textPickle: true
    case .unrecognized: false
    }
  }

  /// Whether Python would read a file as a tar archive, which PyTorch tries before anything but a
  /// zip archive, and unpickles. A file of another kind can also be one.
  public static func looksLikeTar(_ region: ByteRegion) -> Bool { TorchSniffing(region) == .tar }

  /// Computes the checksum of every record of a zip archive, on all cores; empty for containers
  /// without checksums.
  ///
  /// Reads the whole file. Throws `TorchError` where a deflated record cannot be inflated.
  public func verifyRecords() throws -> [RecordCheck] {
    try archive?.check(tensors: tensors) ?? []
  }
}

extension TorchContents {
  /// Decides on the container by the bytes, and reads it.
  init(_ region: ByteRegion, _ session: inout PickleSession) throws(TorchError) {
    switch TorchSniffing(region) {
    case .zip: self = try ZipContainer.read(region, &session)
    case .legacyOrPickle: self = try LegacyContainer.read(region, &session)
    case .tar: throw TorchError(.tarContainer, offset: 0)
    case .preview: throw TorchError(.previewContainer, offset: 0)
    case .textPickle:
      // Not a checkpoint, whatever it holds; but a global in it is worth naming.
      _ = try session.read(region, .none)
      throw TorchError(.barePickle, offset: 0)
    case .unrecognized: throw TorchError(.unrecognized, offset: 0)
    }
    try requireContainer(root)
  }

  /// A checkpoint's root holds other values, or is a tensor.
  private func requireContainer(_ root: TorchValue) throws(TorchError) {
    let found: String
    switch root {
    case .none: found = "None"
    case .bool: found = "a truth value"
    case .integer, .bigInteger: found = "a whole number"
    case .float: found = "a float"
    case .string: found = "a string"
    case .bytes: found = "bytes"
    case .global: found = "a global"
    case .list, .tuple, .set, .dictionary, .tensor, .unsupportedTensor, .object: return
    }
    throw TorchError(.notACheckpoint(found: found))
  }
}
