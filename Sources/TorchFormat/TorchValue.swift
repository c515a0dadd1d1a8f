import ByteIO

/// A value of a PyTorch file, without any behaviour.
///
/// Values that occur in several places of the file are shared; a walk over a tree from an unknown
/// file needs a bound, because paths can be far more numerous than values. `==` is such a walk, and
/// has none.
public enum TorchValue: Equatable, Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  /// A whole number beyond 64 bits: its two's complement, the lowest byte first.
  case bigInteger([UInt8])
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([TorchValue])
  case tuple([TorchValue])
  case set([TorchValue])
  case dictionary(TorchDictionary)
  /// An index into the file's tensors: the first of the names that the tensor has.
  case tensor(Int)
  /// An index into the file's unsupported tensors.
  case unsupportedTensor(Int)
  /// A function or class that is only referred to.
  case global(GlobalName)
  /// What a call or a class would have made.
  case object(TorchObject)
}

/// A dictionary of a PyTorch file; its entries keep their order.
public struct TorchDictionary: Equatable, Sendable {
  /// A key and its value.
  public struct Entry: Equatable, Sendable {
    /// The key: a plain value, a short tuple of such keys, a class, a tensor or an object.
    public let key: TorchValue
    /// The key's value.
    public let value: TorchValue
  }

  /// The entries in the file's order.
  public let entries: [Entry]
  // An array, because a value type cannot hold an optional of the type that holds it.
  private let attributeValues: [TorchValue]
  /// Attributes that are set on the dictionary itself, such as a state dict's `_metadata`.
  public var attributes: TorchValue? { attributeValues.first }

  init(entries: [Entry], attributes: TorchValue?) {
    self.entries = entries
    attributeValues = attributes.map { [$0] } ?? []
  }

  /// The value for a text key, compared by its UTF-8 bytes; linear in the number of entries.
  public subscript(key: String) -> TorchValue? { entries.value(ofText: key) }
}

extension [TorchDictionary.Entry] {
  fileprivate func value(ofText key: String) -> TorchValue? {
    first {
      if case .string(let text) = $0.key { text.hasBytes(of: key) } else { false }
    }?.value
  }
}

/// What a call of a global, or an object of a class, would have been: its name and its parts.
public final class TorchObject: Equatable, Sendable {
  /// The function or class.
  public let globalName: GlobalName
  /// The arguments of the call.
  public let arguments: [TorchValue]
  /// What was appended, for lists and sets.
  public let items: [TorchValue]
  /// What was set by key, for dictionaries.
  public let entries: [TorchDictionary.Entry]
  /// What was set as the state, usually a dictionary of attributes.
  public let state: TorchValue?

  init(
    _ globalName: GlobalName, arguments: [TorchValue] = [], items: [TorchValue] = [],
    entries: [TorchDictionary.Entry] = [], state: TorchValue? = nil
  ) {
    self.globalName = globalName
    self.arguments = arguments
    self.items = items
    self.entries = entries
    self.state = state
  }

  /// The value that was set for a text key, as in a dictionary.
  public subscript(key: String) -> TorchValue? { entries.value(ofText: key) }

  /// Whether all parts are equal.
  public static func == (left: TorchObject, right: TorchObject) -> Bool {
    left === right
      || left.globalName == right.globalName
        && left.arguments == right.arguments && left.items == right.items
        && left.entries == right.entries && left.state == right.state
  }
}

/// A tensor of a kind that has no plain elements here: quantized, sparse, without data.
public struct UnsupportedTensor: Equatable, Sendable {
  /// The tensor's path in the file.
  public let name: String
  /// What it is: `quantized (torch.per_tensor_affine)`.
  public let description: String
  /// The zip record of the pickle that makes it, or `nil` where the file itself holds the pickle.
  public let record: String?
  /// The opcode that makes it, from the start of the record or the file.
  public let byteOffset: Int

  /// The error for a caller that asks for its elements.
  public var error: TorchError {
    TorchError(
      .tensorUnsupported(description: description), record: record, offset: byteOffset,
      tensor: name)
  }
}
