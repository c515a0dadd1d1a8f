/// What is known about a tensor without its values.
public struct TensorInfo: Hashable, Sendable {
  /// The tensor's name.
  public var name: TensorName
  /// The type of its elements.
  public var elementType: ElementType
  /// Its dimensions, the slowest first.
  public var shape: [Int]

  /// Creates a description from its parts.
  public init(name: TensorName, elementType: ElementType, shape: [Int]) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }
}
