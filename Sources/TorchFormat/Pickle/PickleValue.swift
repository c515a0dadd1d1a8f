import ByteIO

/// A value while its pickle is being read.
///
/// Containers are objects, because a pickle fills them through references from its memo.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  /// Two's complement, the lowest byte first.
  case bigInteger([UInt8])
  case float(Double)
  case text(String)
  case bytes([UInt8])
  case list(PickleList)
  case tuple(PickleTuple)
  case set(PickleSet)
  case dictionary(PickleDictionary)
  case global(PickleGlobal)
  case object(PickleObject)
  case storage(PickleStorage)
  case tensor(PickleTensor)

  /// What kind of value it is, for messages.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .bigInteger: "a whole number"
    case .float: "a float"
    case .text: "a string"
    case .bytes: "bytes"
    case .list: "a list"
    case .tuple: "a tuple"
    case .set: "a set"
    case .dictionary: "a dictionary"
    case .global(let global): "the global \(quoted(global.globalName.qualifiedName))"
    case .object(let object): "an object of \(quoted(object.className.qualifiedName))"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }

  /// The members of a list or tuple.
  var members: [PickleValue]? {
    switch self {
    case .list(let list): list.items
    case .tuple(let tuple): tuple.items
    default: nil
    }
  }

  /// The node behind the value, or `nil` for plain values.
  var node: PickleNode? {
    switch self {
    case .none, .bool, .integer, .bigInteger, .float, .text, .bytes: nil
    case .list(let node): node
    case .tuple(let node): node
    case .set(let node): node
    case .dictionary(let node): node
    case .global(let node): node
    case .object(let node): node
    case .storage(let node): node
    case .tensor(let node): node
    }
  }
}

/// A value that other values can refer to.
///
/// `PickleMachine` keeps all nodes and empties them before it lets go of them: a chain of a
/// million nodes, or a cycle, is then freed without recursion.
class PickleNode {
  /// What the survey found below the node; `nil` until it has been there.
  var survey: PickleSurvey?
  /// Whether the survey is at work below the node, so that meeting it again is a cycle.
  var isBeingSurveyed = false
  /// The value that callers see, once it has been made.
  var converted: TorchValue?

  /// The values that the node refers to, in the order in which they are listed.
  var children: [PickleValue] { [] }
  /// Replaces children by other values.
  func mapChildren(_ transform: (PickleValue) -> PickleValue) {}
  /// Lets go of all values.
  func empty() { converted = nil }
}

final class PickleList: PickleNode {
  var items: [PickleValue]
  /// Whether something else has taken its contents, so that it must stay as it was judged.
  var isSealed = false
  init(_ items: [PickleValue]) { self.items = items }
  override var children: [PickleValue] { items }
  override func mapChildren(_ transform: (PickleValue) -> PickleValue) {
    items = items.map(transform)
  }
  override func empty() {
    items = []
    super.empty()
  }
}

final class PickleTuple: PickleNode {
  private(set) var items: [PickleValue]
  init(_ items: [PickleValue]) { self.items = items }
  override var children: [PickleValue] { items }
  override func mapChildren(_ transform: (PickleValue) -> PickleValue) {
    items = items.map(transform)
  }
  override func empty() {
    items = []
    super.empty()
  }
}

final class PickleSet: PickleNode {
  var items: [PickleValue]
  init(_ items: [PickleValue]) { self.items = items }
  override var children: [PickleValue] { items }
  override func empty() {
    items = []
    super.empty()
  }
}
