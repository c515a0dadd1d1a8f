public import TensorModel

/// A tensor as the schema sees it: without values, and with its place in the file.
public struct SchemaInput: Sendable {
  /// Name, element type and shape.
  public let info: TensorInfo
  /// The path of the dictionary that holds it; empty for the outermost one.
  public let wrapper: String

  /// Creates an input; `wrapper` must be empty or, with a dot after it, begin the tensor's name.
  public init(info: TensorInfo, wrapper: String = "") {
    self.info = info
    self.wrapper = wrapper
  }
}
