/// A tensor of a file: what it is, and where its elements are stored.
///
/// Nothing is read until `forEachChunk`, `contiguousBytes` or `digest` asks for elements.
public struct Tensor: Sendable {
  /// The tensor's name in its file.
  public let name: TensorName
  /// The type of its elements.
  public let elementType: ElementType
  /// Its dimensions, the slowest first.
  public let shape: [Int]
  /// The product of the dimensions.
  public let elementCount: Int
  /// The bytes of all elements, written without gaps.
  public let byteCount: Int
  /// The memory that holds the elements; several tensors may share it.
  public let storage: any TensorStorage
  /// How elements are arranged in the storage.
  public let layout: Layout

  /// How a tensor's elements are arranged in its storage.
  public struct Layout: Equatable, Sendable {
    /// The distance from one index to the next, in elements, for each dimension.
    public var strides: [Int]
    /// The first element, in elements from the start of the storage.
    public var elementOffset: Int
    /// Whether the highest byte of each number comes first.
    public var isBigEndian: Bool
    /// What has to be done to the stored numbers to get the elements.
    public var operation: Operation

    /// Creates a layout from its parts.
    public init(
      strides: [Int], elementOffset: Int, isBigEndian: Bool = false, operation: Operation = .none
    ) {
      self.strides = strides
      self.elementOffset = elementOffset
      self.isBigEndian = isBigEndian
      self.operation = operation
    }
  }

  /// A change that PyTorch records on a view instead of making it.
  public enum Operation: Equatable, Sendable {
    /// The stored numbers are the elements.
    case none
    /// The imaginary parts' signs are flipped (`metadata {'conj': True}`).
    case conjugate
    /// All signs are flipped (`metadata {'neg': True}`).
    case negate
    /// Both, which leaves the sign of the real parts flipped.
    case conjugateAndNegate
  }

  /// A rule that a tensor's shape or layout breaks.
  public enum LayoutError: Error, Equatable, Sendable {
    /// The product of the dimensions, or the byte count, overflows, or a dimension is negative.
    case shapeOverflows
    /// There is not one stride for each dimension.
    case strideCount(expected: Int, found: Int)
    /// A stride or the offset is negative.
    case negativeLayout
    /// The last element ends beyond the storage.
    case outOfBounds(neededByteCount: Int, storageByteCount: Int)
    /// The elements are smaller than a byte, and are out of order or not what is stored.
    case packedButStrided
  }

  /// Creates a tensor and checks that every element is within the storage.
  ///
  /// Throws `LayoutError` for the first rule that the layout breaks.
  public init(
    name: TensorName, elementType: ElementType, shape: [Int], storage: any TensorStorage,
    layout: Layout
  ) throws(LayoutError) {
    guard let elementCount = TensorModel.elementCount(of: shape),
      let byteCount = elementType.byteCount(elementCount: elementCount)
    else { throw .shapeOverflows }
    guard layout.strides.count == shape.count else {
      throw .strideCount(expected: shape.count, found: layout.strides.count)
    }
    guard layout.elementOffset >= 0, layout.strides.allSatisfy({ $0 >= 0 }) else {
      throw .negativeLayout
    }
    let liesInOrder =
      layout.elementOffset == 0 && Self.areContiguous(layout.strides, of: shape)
    if elementType.byteWidth == nil && !(liesInOrder && layout.operation == .none) {
      throw .packedButStrided
    }
    if elementCount > 0 {
      guard
        let extent = Self.extent(of: shape, layout: layout),
        let needed = liesInOrder
          ? byteCount : elementType.byteCount(elementCount: extent)
      else { throw .shapeOverflows }
      guard needed <= storage.byteCount else {
        throw .outOfBounds(neededByteCount: needed, storageByteCount: storage.byteCount)
      }
    }
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.elementCount = elementCount
    self.byteCount = byteCount
    self.storage = storage
    self.layout = layout
  }

  /// Creates a tensor whose elements are in row-major order from the start of `storage`.
  ///
  /// Throws `LayoutError` for the first rule that the layout breaks.
  public init(
    name: TensorName, elementType: ElementType, shape: [Int], storage: any TensorStorage
  ) throws(LayoutError) {
    try self.init(
      name: name, elementType: elementType, shape: shape, storage: storage,
      layout: Layout(strides: contiguousStrides(of: shape), elementOffset: 0))
  }

  /// Whether strides are `contiguousStrides(of: shape)`, without making an array.
  private static func areContiguous(_ strides: [Int], of shape: [Int]) -> Bool {
    var expected = 1
    for dimension in shape.indices.reversed() {
      if strides[dimension] != expected { return false }
      let (product, overflows) = expected.multipliedReportingOverflow(by: max(1, shape[dimension]))
      expected = overflows ? .max : product
    }
    return true
  }

  /// One past the highest element that is touched, from the start of the storage, or `nil` if the
  /// number overflows.
  private static func extent(of shape: [Int], layout: Layout) -> Int? {
    var extent = layout.elementOffset
    for (dimension, stride) in zip(shape, layout.strides) {
      let (reach, overflows) = (dimension - 1).multipliedReportingOverflow(by: stride)
      let (sum, carries) = extent.addingReportingOverflow(reach)
      if overflows || carries { return nil }
      extent = sum
    }
    return extent == .max ? nil : extent + 1
  }

  /// What is known about the tensor without its values.
  public var info: TensorInfo { TensorInfo(name: name, elementType: elementType, shape: shape) }

  /// Whether the elements are in row-major order without gaps.
  ///
  /// Strides of dimensions with one index do not matter, as in PyTorch's `is_contiguous`.
  public var isContiguous: Bool {
    if elementCount == 0 { return true }
    var expected = 1
    for (dimension, stride) in zip(shape, layout.strides).reversed() where dimension != 1 {
      if stride != expected { return false }
      expected *= dimension
    }
    return true
  }

  /// Whether the stored bytes are already what `forEachChunk` would pass.
  public var isStoredPlainly: Bool {
    isContiguous && layout.operation == .none
      && (!layout.isBigEndian || elementType.componentByteWidth == 1)
  }

  /// The same elements under another name and, if given, in another shape, which must have the same
  /// dimensions except for those of 1.
  public func renamed(_ name: TensorName, shape newShape: [Int]? = nil) -> Tensor {
    guard let newShape, newShape != shape else { return Tensor(self, name: name) }
    precondition(
      withoutUnitDimensions(newShape) == withoutUnitDimensions(shape),
      "only unit dimensions may come and go")
    var strides: [Int] = []
    var rest = zip(shape, layout.strides).filter { $0.0 != 1 }.map(\.1)[...]
    for dimension in newShape {
      strides.append(dimension == 1 ? 1 : rest.removeFirst())
    }
    return Tensor(self, name: name, shape: newShape, strides: strides)
  }

  /// The same elements, fetched through another storage that holds the same bytes.
  public func reading(_ storage: any TensorStorage) -> Tensor {
    precondition(storage.byteCount == self.storage.byteCount, "the bytes must be the same")
    return Tensor(self, name: name, storage: storage)
  }

  private init(
    _ other: Tensor, name: TensorName, shape: [Int]? = nil, strides: [Int]? = nil,
    storage: (any TensorStorage)? = nil
  ) {
    self.name = name
    self.shape = shape ?? other.shape
    var layout = other.layout
    layout.strides = strides ?? layout.strides
    self.layout = layout
    elementType = other.elementType
    elementCount = other.elementCount
    byteCount = other.byteCount
    self.storage = storage ?? other.storage
  }
}
