public import ByteIO
import CZlib
public import TensorModel

/// Writes a PyTorch checkpoint: what `torch.save` writes for a state dict, an `OrderedDict` of
/// tensors.
///
/// The archive is the same byte for byte but for the record `.data/serialization_id`, a number that
/// PyTorch hashes from names and checksums with functions of its own; here it comes from SHA-256,
/// so the same tensors always give the same file. It loads with `weights_only=True` and with
/// `mmap=True`.
public struct TorchWriter: Sendable {
  /// The size of the file.
  public let byteCount: Int

  private let archive: ZipStoreWriter
  private let contents: [Content]

  /// What a record holds.
  private enum Content: Sendable {
    case bytes([UInt8])
    case elements(Tensor)
    /// Comes from the checksums of all other records, and is written last.
    case serializationID
  }

  /// Lays out a checkpoint; no element is read.
  ///
  /// Tensors that share a storage and cover the same part of it, plainly stored, share a record.
  /// Every other tensor gets a record of its own, contiguous and little-endian.
  ///
  /// - Parameters:
  ///   - tensors: The entries of the state dict, in their order.
  ///   - wrapper: The key of a dictionary around the state dict, such as `model`; `nil`: the state
  ///     dict is the whole.
  ///   - archiveName: The folder of the records in the archive; see `archiveName(forPath:)`.
  ///
  /// Throws where a name occurs twice, PyTorch has no such element type (F4 and F6), or the name of
  /// the archive is empty, longer than 255 bytes, or no name of a folder.
  public init(
    tensors: [Tensor], wrapper: String? = nil, archiveName: String
  ) throws(TorchWriterError) {
    guard isFolderName(archiveName) else { throw .invalidArchiveName(archiveName) }
    let stateDict = try TorchStateDict(tensors)
    let records: [(name: String, byteCount: Int, content: Content)] =
      [
        Self.record("data.pkl", stateDict.pickle(wrapper: wrapper)),
        Self.record(".format_version", Array("1".utf8)),
        Self.record(".storage_alignment", Array("64".utf8)),
        Self.record("byteorder", Array("little".utf8)),
      ]
      + stateDict.storages.enumerated().map { ("data/\($0)", $1.byteCount, .elements($1)) }
      + [
        Self.record("version", Array("3\n".utf8)),
        (".data/serialization_id", Self.serializationIDByteCount, .serializationID),
      ]

    var archive = ZipStoreWriter()
    for record in records {
      archive.add(name: "\(archiveName)/\(record.name)", byteCount: record.byteCount)
    }
    self.archive = archive
    contents = records.map(\.content)
    byteCount = archive.byteCount
  }

  private static func record(
    _ name: String, _ bytes: [UInt8]
  ) -> (name: String, byteCount: Int, content: Content) {
    (name, bytes.count, .bytes(bytes))
  }

  /// The name that `torch.save` gives the archive of a path: the last component up to its last dot,
  /// and `archive` where that is empty or not ASCII.
  public static func archiveName(forPath path: String) -> String {
    let name = FileSystem.name(of: path)
    let stem = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[..<$0]) } ?? name
    return stem.utf8.allSatisfy { $0 < 0x80 } && isFolderName(stem) ? stem : "archive"
  }

  /// Writes the file from its first byte, the tensors on all cores.
  ///
  /// Throws what the output or a tensor's storage throws.
  public func write(to output: OutputFile) throws {
    let last = contents.count - 1
    var checksums = try concurrentMap(byteCounts: archive.records.dropLast().map(\.byteCount)) {
      try write(contents[$0], at: $0, to: output)
    }
    let serializationID = serializationID(checksums: checksums)
    checksums.append(try write(.bytes(serializationID), at: last, to: output))

    // A record's descriptor and the next one's header lie side by side.
    var between: [UInt8] = []
    for (record, checksum) in zip(archive.records, checksums) {
      let start = record.headerOffset - between.count
      try output.write(between + archive.localHeader(of: record), at: start)
      between = archive.descriptor(of: record, checksum: checksum)
    }
    try output.write(
      between + archive.directory(checksums: checksums),
      at: archive.directoryOffset - between.count)
  }

  /// Writes a record's data; its CRC-32.
  private func write(
    _ content: Content, at index: Int, to output: OutputFile
  ) throws -> UInt32 {
    let fileOffset = archive.records[index].dataOffset
    var checksum = UInt(0)
    switch content {
    case .bytes(let bytes):
      try output.write(bytes, at: fileOffset)
      checksum = crc32(0, bytes, UInt32(bytes.count))
    case .elements(let tensor):
      try output.write(tensor, at: fileOffset) { piece in
        piece.withUnsafeBytes { buffer in
          let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
          checksum = crc32_z(checksum, start, buffer.count)
        }
      }
    case .serializationID: break
    }
    return UInt32(checksum)
  }

  private static let serializationIDByteCount = 40

  /// Twenty digits from the records' names, and twenty from their checksums.
  private func serializationID(checksums: [UInt32]) -> [UInt8] {
    var names: [UInt8] = []
    var sums: [UInt8] = []
    for (record, checksum) in zip(archive.records, checksums) {
      names.append(utf8: record.name)
      names.append(0)
      sums.appendLittleEndian(checksum)
    }
    return twentyDigits(of: names) + twentyDigits(of: sums)
  }

  private func twentyDigits(of bytes: [UInt8]) -> [UInt8] {
    let digest = SHA256Digest(of: ByteRegion(copying: bytes))
    let number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let digits = Array(String(number).utf8)
    return [UInt8](repeating: UInt8(ascii: "0"), count: 20 - digits.count) + digits
  }
}

/// Whether a name can be the one folder of an archive.
private func isFolderName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
    && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
    && !name.utf8.contains(UInt8(ascii: "\\"))
}

/// The tensors of a state dict, and the storages that they lie in.
private struct TorchStateDict {
  /// A tensor of each storage, which gives the storage's bytes.
  private(set) var storages: [Tensor] = []
  private let tensors: [Tensor]
  private var storageIndices: [Int] = []

  /// What two tensors must have in common to share a storage.
  private struct SharedPart: Hashable {
    let storage: ObjectIdentifier
    let elementOffset: Int
    let byteCount: Int
    let elementType: ElementType
  }

  init(_ tensors: [Tensor]) throws(TorchWriterError) {
    self.tensors = tensors
    var names: Set<TensorName> = []
    var indexByPart: [SharedPart: Int] = [:]
    var total = 0
    for tensor in tensors {
      guard torchTypes[tensor.elementType] != nil else {
        throw .unsupportedElementType(tensor.name, tensor.elementType)
      }
      guard names.insert(tensor.name).inserted else { throw .duplicateName(tensor.name) }
      let part = SharedPart(
        storage: ObjectIdentifier(tensor.storage), elementOffset: tensor.layout.elementOffset,
        byteCount: tensor.byteCount, elementType: tensor.elementType)
      let canShare = tensor.isStoredPlainly && tensor.byteCount > 0
      if canShare, let index = indexByPart[part] {
        storageIndices.append(index)
        continue
      }
      if canShare { indexByPart[part] = storages.count }
      storageIndices.append(storages.count)
      storages.append(tensor)
      // Half of what fits leaves room for headers.
      let (sum, overflows) = total.addingReportingOverflow(tensor.byteCount)
      guard !overflows, sum < .max / 2 else { throw .outputTooLarge }
      total = sum
    }
  }

  func pickle(wrapper: String?) -> [UInt8] {
    var writer = PickleWriter()
    if let wrapper {
      writer.dictionary(key: wrapper) { write(to: &$0) }
    } else {
      write(to: &writer)
    }
    writer.stop()
    return writer.bytes
  }

  private func write(to writer: inout PickleWriter) {
    writer.orderedDictionary()
    writer.setItems(count: tensors.count) { writer, index in
      writer.string(tensors[index].name.string)
      write(tensors[index], storageIndex: storageIndices[index], to: &writer)
    }
  }

  /// A call of `_rebuild_tensor_v2` or, for the types that came later, `_rebuild_tensor_v3`.
  private func write(_ tensor: Tensor, storageIndex: Int, to writer: inout PickleWriter) {
    let type = torchTypes[tensor.elementType] ?? .untyped(dtype: "uint8")
    writer.global("torch._utils", type.rebuildFunction)
    writer.tuple(count: type.isTyped ? 6 : 7) { writer in
      writer.tuple(count: 5) { writer in
        writer.sharedString("storage")
        writer.global(type.storageClass.module, type.storageClass.name)
        writer.sharedString(String(storageIndex))
        writer.sharedString("cpu")
        writer.integer(type.isTyped ? tensor.elementCount : tensor.byteCount)
      }
      writer.persistentID()
      writer.integer(0)
      writer.integers(tensor.shape)
      writer.integers(contiguousStrides(of: tensor.shape))
      writer.newFalse()  // requires_grad
      writer.orderedDictionary()  // backward hooks
      if case .untyped(let dtype) = type { writer.global("torch", dtype) }
    }
    writer.reduce()
  }
}

/// How PyTorch stores the elements of a type.
private enum TorchType {
  /// In a storage class of their own.
  case typed(storageClass: String)
  /// In bytes, with the type named beside them (`torch/storage.py`, `_new_dtypes`).
  case untyped(dtype: String)

  var isTyped: Bool { if case .typed = self { true } else { false } }

  var rebuildFunction: String { isTyped ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3" }

  var storageClass: (module: String, name: String) {
    switch self {
    case .typed(let storageClass): ("torch", storageClass)
    case .untyped: ("torch.storage", "UntypedStorage")
    }
  }
}

private let torchTypes: [ElementType: TorchType] = [
  .float64: .typed(storageClass: "DoubleStorage"),
  .float32: .typed(storageClass: "FloatStorage"),
  .float16: .typed(storageClass: "HalfStorage"),
  .bfloat16: .typed(storageClass: "BFloat16Storage"),
  .complex64: .typed(storageClass: "ComplexFloatStorage"),
  .complex128: .typed(storageClass: "ComplexDoubleStorage"),
  .int64: .typed(storageClass: "LongStorage"),
  .int32: .typed(storageClass: "IntStorage"),
  .int16: .typed(storageClass: "ShortStorage"),
  .int8: .typed(storageClass: "CharStorage"),
  .uint8: .typed(storageClass: "ByteStorage"),
  .bool: .typed(storageClass: "BoolStorage"),
  .float8E4M3: .untyped(dtype: "float8_e4m3fn"),
  .float8E5M2: .untyped(dtype: "float8_e5m2"),
  .float8E4M3FNUZ: .untyped(dtype: "float8_e4m3fnuz"),
  .float8E5M2FNUZ: .untyped(dtype: "float8_e5m2fnuz"),
  .float8E8M0: .untyped(dtype: "float8_e8m0fnu"),
  .complex32: .untyped(dtype: "complex32"),
  .uint16: .untyped(dtype: "uint16"),
  .uint32: .untyped(dtype: "uint32"),
  .uint64: .untyped(dtype: "uint64"),
]

/// Why tensors cannot be written as a PyTorch checkpoint.
public enum TorchWriterError: CheckpointError, Equatable {
  /// PyTorch has no such element type, or packs it in another way.
  case unsupportedElementType(TensorName, ElementType)
  /// Two tensors have one name.
  case duplicateName(TensorName)
  /// The name of the archive cannot be a folder's.
  case invalidArchiveName(String)
  /// The size of the file exceeds what offsets can hold.
  case outputTooLarge

  /// All are faults of what is to be written.
  public var category: FailureCategory { .unsupported }

  /// The broken rule's stable name.
  public var rule: String {
    switch self {
    case .unsupportedElementType: "element-type-unsupported"
    case .duplicateName: "duplicate-name"
    case .invalidArchiveName: "archive-name"
    case .outputTooLarge: "output-too-large"
    }
  }

  /// What was expected and what was found.
  public var message: String {
    switch self {
    case .unsupportedElementType(_, let elementType):
      "PyTorch checkpoints with \(elementType.name) elements are not supported"
    case .duplicateName: "there are two tensors of this name"
    case .invalidArchiveName(let name): "\(quoted(name)) cannot be the name of the archive's folder"
    case .outputTooLarge: "the tensors together exceed 62 bits of bytes"
    }
  }

  /// The tensor.
  public var place: ErrorPlace {
    switch self {
    case .unsupportedElementType(let name, _), .duplicateName(let name):
      ErrorPlace(tensor: name.string)
    case .invalidArchiveName, .outputTooLarge: ErrorPlace()
    }
  }

  /// The next step.
  public var hint: String? {
    switch self {
    case .unsupportedElementType: "a safetensors file can hold it"
    default: nil
    }
  }
}
