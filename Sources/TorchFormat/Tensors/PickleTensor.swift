import TensorModel

/// A tensor that a pickle makes.
final class PickleTensor: PickleNode {
  enum Content {
    case plain(PlainTensor)
    /// What it is, for a kind that cannot be read.
    case unsupported(String)
  }

  let content: Content
  /// The opcode that makes it, from the start of the pickle's record or file.
  let offset: Int
  /// Python attributes that were set on the tensor.
  private(set) var attributes: PickleValue?
  /// The index of its first path among the file's tensors, or among the unsupported ones.
  var index: Int?
  /// The same among the unsupported ones, for a path that leads through a key that Python may treat
  /// as equal to another one.
  var ambiguousIndex: Int?

  init(_ content: Content, offset: Int, attributes: PickleValue? = nil) {
    self.content = content
    self.offset = offset
    self.attributes = attributes
  }

  /// The element type; `nil` for a tensor that cannot be read.
  var elementType: ElementType? {
    if case .plain(let plain) = content { plain.elementType } else { nil }
  }

  /// Whether it has more elements than its storage: a function could make a copy of all of them.
  var isExpanded: Bool {
    guard case .plain(let plain) = content else { return false }
    guard let count = TensorModel.elementCount(of: plain.shape) else { return true }
    let (byteCount, overflows) = count.multipliedReportingOverflow(
      by: plain.elementType.byteWidth ?? 1)
    return overflows || byteCount > plain.storage.byteCount
  }

  override var children: [PickleValue] { attributes.map { [$0] } ?? [] }
  override func empty() {
    attributes = nil
    super.empty()
  }
}

/// A tensor as the pickle describes it; nothing is checked against the storage yet.
struct PlainTensor {
  let storage: PickleStorage
  let elementType: ElementType
  let elementOffset: Int
  let shape: [Int]
  let strides: [Int]
  let operation: Tensor.Operation
}
