#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A run of bytes that stay where they are for as long as the region is kept: part of a mapped
/// file, or of a block of memory.
///
/// Copying a region copies a pointer and a reference, never the bytes.
public struct ByteRegion: Sendable {
  /// Keeps the memory alive.
  private let owner: any AnyObject & Sendable
  // A raw pointer is Sendable only by promise; the memory is never written once a region exists.
  nonisolated(unsafe) private let base: UnsafeRawPointer
  /// The number of bytes.
  public let byteCount: Int

  /// Creates a region over memory that `owner` keeps alive and unchanged.
  ///
  /// `bytes` must stay valid until `owner` is deinitialized.
  public init(unsafeBytes bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable) {
    self.owner = owner
    self.base = bytes.baseAddress ?? emptyAddress
    self.byteCount = bytes.count
  }

  /// Creates a region that owns a copy of `bytes`.
  public init(copying bytes: some Collection<UInt8>) {
    let copy = MemoryCopy(of: bytes)
    self.init(unsafeBytes: UnsafeRawBufferPointer(copy.bytes), owner: copy)
  }

  /// Creates a region over a block of memory that nothing writes to any more.
  public init(_ block: MemoryBlock) {
    self.init(unsafeBytes: UnsafeRawBufferPointer(block.bytes), owner: block)
  }

  /// No bytes.
  public static var empty: ByteRegion { ByteRegion(copying: []) }

  /// The bytes, for as long as the region is held.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get { _overrideLifetime(RawSpan(_unsafeStart: base, byteCount: byteCount), borrowing: self) }
  }

  /// The byte at `offset`; traps when out of range, as an array does.
  public subscript(offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < byteCount, "byte offset out of range")
    return base.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// The `count` bytes at `offset`, or `nil` if they are not all within the region.
  ///
  /// Any numbers are allowed, so offsets and counts may come from a file.
  public func slice(offset: Int, byteCount count: Int) -> ByteRegion? {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else {
      return nil
    }
    return ByteRegion(
      unsafeBytes: UnsafeRawBufferPointer(start: base + offset, count: count), owner: owner)
  }

  /// Calls `body` with the bytes as a buffer, for C functions.
  ///
  /// Throws what `body` throws.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  /// How many bytes `forEachPiece` passes on at a time.
  public static let pieceByteCount = 1 << 20
  /// How many bytes readers let go of at a time. Taking pages from a process stops its other
  /// threads for a moment, however many pages there are.
  public static let batchByteCount = 8 * pieceByteCount

  /// Passes the bytes to `body` in order, a piece at a time, and lets go of them afterwards in
  /// larger batches.
  ///
  /// A file of any size is thus read in constant memory.
  ///
  /// Throws what `body` throws, and stops there.
  public func forEachPiece<Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    var offset = 0
    var keptOffset = 0
    while let piece = slice(
      offset: offset, byteCount: min(Self.pieceByteCount, byteCount - offset)), piece.byteCount > 0
    {
      try body(piece.bytes)
      offset += piece.byteCount
      if offset - keptOffset >= Self.batchByteCount || offset == byteCount {
        slice(offset: keptOffset, byteCount: offset - keptOffset)?.letGo()
        keptOffset = offset
      }
    }
  }

  /// Tells the system that the bytes are not needed for now, so that pages of a mapped file need
  /// not stay in the process's memory. Reading them again gives the same bytes. Has no effect on
  /// other memory.
  public func letGo() {
    guard let mapping = owner as? FileMapping else { return }
    mapping.letGo(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  /// Whether the bytes at `offset` are those of `pattern`; false where the region ends before they
  /// do.
  public func matches(_ pattern: some Collection<UInt8>, at offset: Int = 0) -> Bool {
    guard let part = slice(offset: offset, byteCount: pattern.count) else { return false }
    return part.withUnsafeBytes { $0.elementsEqual(pattern) }
  }

  /// The offset of the first `byte` from `offset` on, or `nil` if there is none. Linear, at the
  /// speed of memory; lets go of each full piece that it has searched.
  public func firstOffset(of byte: UInt8, from offset: Int) -> Int? {
    guard offset >= 0 else { return nil }
    var start = offset
    while start < byteCount {
      let pieceByteCount = min(Self.pieceByteCount, byteCount - start)
      if let found = memchr(base + start, Int32(byte), pieceByteCount) {
        return UnsafeRawPointer(found) - base
      }
      if pieceByteCount == Self.pieceByteCount {
        slice(offset: start, byteCount: pieceByteCount)?.letGo()
      }
      start += pieceByteCount
    }
    return nil
  }

  /// Whether both regions have the same bytes. Linear, at the speed of memory.
  public func hasSameBytes(as other: ByteRegion) -> Bool {
    byteCount == other.byteCount && memcmp(base, other.base, byteCount) == 0
  }

  /// The bytes as an array. Copies.
  public var array: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

  /// The bytes as text, or `nil` where they are not valid UTF-8. Copies.
  public var text: String? {
    withUnsafeBytes { String(validatingUTF8: $0) }
  }

  /// The offset of the first byte that is not part of valid UTF-8, or `nil` if all are. Reads every
  /// byte.
  public var invalidUTF8Offset: Int? {
    withUnsafeBytes { bytes in
      // The quick checks first: finding the place takes longer.
      if isASCII(bytes) || String(validating: bytes, as: UTF8.self) != nil { return nil }
      var rest = bytes.makeIterator()
      var parser = Unicode.UTF8.ForwardParser()
      var offset = 0
      while true {
        switch parser.parseScalar(from: &rest) {
        case .valid(let scalar): offset += scalar.count
        case .error: return offset
        case .emptyInput: return nil
        }
      }
    }
  }
}

// A span needs an address even if it is empty.
nonisolated(unsafe) private let emptyAddress = UnsafeRawPointer(
  UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))

/// A copy of bytes that are in memory already, aligned to 64 bytes. As with an array, running out
/// of memory is not handled.
private final class MemoryCopy: @unchecked Sendable {
  // Unchecked: it is not changed once it is made.
  let bytes: UnsafeMutableRawBufferPointer

  init(of source: some Collection<UInt8>) {
    bytes = .allocate(byteCount: source.count, alignment: 64)
    bytes.copyBytes(from: source)
  }

  deinit { bytes.deallocate() }
}
