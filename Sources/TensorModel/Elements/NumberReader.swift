public import ByteIO

/// Reads a tensor's elements as `Double` in row-major order, a block at a time, in constant
/// memory.
public struct NumberReader {
  /// How many elements are read at a time: 32 KiB of `Double`, which stays in a core's cache.
  public static let elementsPerBlock = 4096

  /// The current block as it is stored: contiguous and little-endian.
  public private(set) var bytes = ByteRegion.empty
  private var elements: ElementReader
  private let decoder: ElementDecoder
  private let block: MemoryBlock
  private var count = 0

  /// Starts before a tensor's first element; `nil` for packed types.
  ///
  /// Throws what the storage throws.
  public init?(_ tensor: Tensor) throws {
    guard let decoder = ElementDecoder(tensor.elementType) else { return nil }
    self.decoder = decoder
    elements = try ElementReader(tensor, elementsPerBlock: Self.elementsPerBlock)
    block = try MemoryBlock(byteCount: 2 * Self.elementsPerBlock * MemoryLayout<Double>.stride)
  }

  /// Moves to the next block; false at the end.
  public mutating func advance() -> Bool {
    guard let bytes = elements.next() else {
      count = 0
      return false
    }
    self.bytes = bytes
    var values = MutableSpan(_unsafeElements: block.bytes.bindMemory(to: Double.self))
    count = decoder.decode(bytes.bytes, into: &values)
    return true
  }

  /// The numbers of the current block: one per element, two for complex types.
  public var numbers: Span<Double> {
    @_lifetime(borrow self)
    get {
      let buffer = UnsafeBufferPointer(
        rebasing: UnsafeRawBufferPointer(block.bytes).bindMemory(to: Double.self)[..<count])
      return _overrideLifetime(Span(_unsafeElements: buffer), borrowing: self)
    }
  }
}
