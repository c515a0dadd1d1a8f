import ByteIO
import Synchronization
import TensorModel

/// A member of a zip archive as a tensor's storage.
///
/// Stored members are lent in place from the file; deflated ones are inflated on request. The
/// checksum is computed when the bytes are first requested: PyTorch never does that, and returns
/// whatever a damaged file holds.
final class RecordStorage: TensorStorage {
  private let entry: ZipEntry
  private let raw: ByteRegion
  let state = Lock(State())
  var byteCount: Int { entry.byteCount }

  /// Whether the checksum is checked, and the bytes that are in memory.
  struct State {
    var isChecked = false
    /// The inflated bytes for as long as anybody uses them.
    weak var inUse: InflatedBytes?
    /// The inflated bytes, kept for good once they are needed again after having been let go of, if
    /// several tensors share them: otherwise each of very many would inflate them again.
    var kept: InflatedBytes?
    var wasInflated = false
    var tensorCount = 0
  }

  /// Keeps a region alive under a weak reference.
  final class InflatedBytes: Sendable {
    let region: ByteRegion
    init(_ region: ByteRegion) { self.region = region }
  }

  init(_ entry: ZipEntry, raw: ByteRegion) {
    self.entry = entry
    self.raw = raw
  }

  /// Notes that a tensor has its elements here.
  func noteTensor() { state.withLock { $0.tensorCount += 1 } }

  /// Whether the member's bytes are deflated in the file.
  var isDeflated: Bool { entry.method == .deflated }

  /// The member's bytes; throws `TorchError` where they are damaged.
  func bytes() throws(TorchError) -> ByteRegion {
    try state.withLock { state throws(TorchError) in
      switch entry.method {
      case .stored:
        if !state.isChecked { try checkChecksum(of: raw) }
        state.isChecked = true
        return raw
      case .deflated: return try inflated(&state)
      }
    }
  }

  /// Passes on the member's bytes. If they are stored and have not been checked yet, the checksum
  /// is computed along with what `body` does, while each piece is in the processor's cache.
  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    guard entry.method == .stored, !state.withLock({ $0.isChecked }) else {
      try bytes().forEachPiece(body)
      return
    }
    var computed: UInt32 = 0
    try raw.forEachPiece { piece in
      add(piece, to: &computed)
      try body(piece)
    }
    try requireMatch(
      RecordCheck.status(byteCount: raw.byteCount, declared: entry.checksum, computed: computed))
    state.withLock { $0.isChecked = true }
  }

  /// Whether the member's bytes have the declared checksum. Reads all of them, every time; throws
  /// `TorchError` where they cannot be inflated.
  func status() throws(TorchError) -> RecordCheck.Status {
    let bytes = entry.method == .stored ? raw : try inflatedRegion()
    return RecordCheck.status(of: bytes, declared: entry.checksum)
  }

  private func inflated(_ state: inout State) throws(TorchError) -> ByteRegion {
    let bytes: InflatedBytes
    if let known = state.kept ?? state.inUse {
      bytes = known
    } else {
      let region = try inflatedRegion()
      try checkChecksum(of: region)
      bytes = InflatedBytes(region)
      if state.wasInflated, state.tensorCount > 1 { state.kept = bytes }
      state.wasInflated = true
      state.inUse = bytes
    }
    return bytes.region.withUnsafeBytes { ByteRegion(unsafeBytes: $0, owner: bytes) }
  }

  private func inflatedRegion() throws(TorchError) -> ByteRegion {
    defer { raw.letGo() }
    do {
      return try inflate(raw, byteCount: entry.byteCount)
    } catch {
      throw TorchError(.zipDeflate(error), record: entry.name, fileOffset: entry.dataOffset)
    }
  }

  private func checkChecksum(of region: ByteRegion) throws(TorchError) {
    try requireMatch(RecordCheck.status(of: region, declared: entry.checksum))
  }

  private func requireMatch(_ status: RecordCheck.Status) throws(TorchError) {
    if case .mismatch(let declared, let computed) = status {
      throw TorchError(
        .zipChecksum(declared: declared, computed: computed), record: entry.name,
        fileOffset: entry.dataOffset)
    }
  }
}
