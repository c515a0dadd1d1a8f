import ByteIO
import TensorModel

/// Lists a pickle's tensors by their paths, and makes the tree of values that callers see.
struct TensorTree {
  private(set) var tensors: [Tensor] = []
  private(set) var unsupported: [UnsupportedTensor] = []
  /// NumPy arrays that are entries of dictionaries with tensors.
  private(set) var arrays: [UnreadArray] = []
  /// For each tensor, the path of the dictionary that it is an entry of.
  private(set) var dictionaryPaths: [String] = []

  let limits: Limits
  let record: String?
  let isBigEndian: Bool
  /// How many bytes all tensors may take once written out.
  let byteBudget: Int
  var byteCount = 0
  private var visitCount = 0
  /// How much all paths together may amount to: values visited, and the paths' bytes.
  private let repetitionBudget: Int
  /// The most tensors that a file of its size can name: each takes some bytes.
  private let tensorLimit: Int
  private var repetition = 0
  private var names: Set<ByteText> = []

  /// - Parameter fileByteCount: The file's size, which the budget for writing tensors out is in
  ///   proportion to.
  init(limits: Limits, record: String?, isBigEndian: Bool, fileByteCount: Int) {
    self.limits = limits
    self.record = record
    self.isBigEndian = isBigEndian
    byteBudget = Limits.budget(
      ratio: limits.expansionRatio, byteCount: fileByteCount,
      floor: limits.expansionFloorByteCount)
    repetitionBudget = Limits.budget(
      ratio: limits.pickleRepetitionRatio, byteCount: fileByteCount,
      floor: PickleMachine.repetitionFloor)
    let paidTensors = Limits.budget(
      ratio: limits.pickleRepetitionRatio, byteCount: fileByteCount, floor: Self.tensorFloor)
    tensorLimit = min(limits.tensorCount, paidTensors / Self.repetitionPerTensor)
  }

  /// Lists the tensors below a value, whose path begins with `prefix`; what is not an entry of a
  /// dictionary there counts as one of `prefix` itself.
  mutating func add(_ root: PickleValue, prefix: String? = nil) throws(TorchError) {
    let surveyor = PickleSurveyor(depthLimit: limits.pickleDepth, record: record)
    let survey = try surveyor.survey(root)
    guard survey.tensorPathCount <= tensorLimit - tensors.count - unsupported.count else {
      throw TorchError(
        tensorLimit == limits.tensorCount
          ? .tensorCount(limit: tensorLimit) : .repetition(limit: repetitionBudget),
        record: record)
    }
    try list(root, prefix, in: Surroundings(dictionaryPath: prefix ?? ""))
  }

  /// Lengthens a path by a component. The path is counted: long ones are made again for each value
  /// below them.
  mutating func joined(
    _ path: String?, _ component: String
  ) throws(TorchError) -> String {
    let path = path.map { "\($0).\(component)" } ?? component
    try repeatValues(path.utf8.count)
    return path
  }

  /// A key as a part of a path. Tensors, for which an optimizer keeps its state, have no name, and
  /// neither do objects that cannot be distinguished from each other.
  private func component(of key: PickleValue, _ index: Int, isAmbiguous: Bool) -> String {
    switch key {
    case .tensor: "tensor\(index)"
    case .object(let object) where isAmbiguous: "\(object.className.name)\(index)"
    case .tuple where isAmbiguous: "tuple\(index)"
    default: pathComponent(of: key)
    }
  }

  /// Whether a value contains tensors, or is one.
  static func hasTensors(_ value: PickleValue) -> Bool {
    (value.node?.survey?.tensorPathCount ?? 0) > 0
  }

  /// Walks to every tensor along every path. Values without tensors are skipped.
  mutating func list(
    _ value: PickleValue, _ path: String?, in outer: Surroundings
  ) throws(TorchError) {
    guard Self.hasTensors(value) else { return }
    switch value {
    case .tensor(let tensor):
      try add(tensor, name: path ?? "", in: outer)
      if let attributes = tensor.attributes { try listOwnAttributes(attributes, path, in: outer) }
    case .list(let list): try self.list(list.items, path, in: outer)
    case .tuple(let tuple): try list(tuple.items, path, in: outer)
    case .set(let set): try list(set.items, path, in: outer)
    case .dictionary(let dictionary):
      let inner = outer.isInsideObject ? outer : outer.inDictionary(path ?? "")
      try list(dictionary.entries, path, in: inner)
      if let attributes = dictionary.attributes {
        try listOwnAttributes(attributes, path, in: inner)
      }
    case .object(let object): try list(object, path, in: outer)
    case .none, .bool, .integer, .bigInteger, .float, .text, .bytes, .global, .storage: break
    }
  }

  private mutating func list(
    _ object: PickleObject, _ path: String?, in outer: Surroundings
  ) throws(TorchError) {
    var inner = outer
    inner.isInsideObject = true
    if object.isKnownList, let first = object.arguments.first?.members {
      // What it was made from and what was appended are one list to Python.
      try list(first + object.items, path, in: inner)
    } else {
      try list(object.arguments, path, in: inner)
      try list(object.items, path, in: inner)
    }
    try list(object.entries, path, in: inner)
    guard let state = object.state else { return }
    try Self.isDictionary(object)
      ? listOwnAttributes(state, path, in: inner) : listAttributes(state, path, in: inner)
  }

  private mutating func list(
    _ items: [PickleValue], _ path: String?, in outer: Surroundings
  ) throws(TorchError) {
    try visit(items.count)
    for (index, item) in items.enumerated() where Self.hasTensors(item) {
      try list(item, joined(path, String(index)), in: outer)
    }
  }

  private mutating func list(
    _ entries: PickleEntries, _ path: String?, in outer: Surroundings
  ) throws(TorchError) {
    try visit(entries.pairs.count)
    var inner = outer
    var isChecked = false
    for (index, (key, value)) in entries.pairs.enumerated() {
      if case .object(let object) = value, object.isArray {
        let name = try joined(
          path, component(of: key, index, isAmbiguous: inner.isUnderAmbiguousKey))
        arrays.append(UnreadArray(name: name, record: record))
        continue
      }
      guard Self.hasTensors(key) || Self.hasTensors(value) else { continue }
      if !isChecked, let ambiguousKey = entries.ambiguousKey {
        // Whatever such a dictionary has, it is not a state dict, whose keys are texts.
        guard entries.hasOnlyObjectKeys else {
          throw TorchError(.keyAmbiguous(pathComponent(of: ambiguousKey)), record: record)
        }
        inner.isUnderAmbiguousKey = true
      }
      isChecked = true
      try repeatValues(pathComponentCost(of: key))
      let entryPath = try joined(
        path, component(of: key, index, isAmbiguous: inner.isUnderAmbiguousKey))
      try list(key, entryPath, in: inner)
      let isTensorForTensor = if case (.tensor, .tensor) = (key, value) { true } else { false }
      try list(value, isTensorForTensor ? joined(entryPath, "value") : entryPath, in: inner)
    }
  }

  /// Whether an object is a dictionary to Python, as far as can be determined without its class.
  private static func isDictionary(_ object: PickleObject) -> Bool {
    !object.entries.pairs.isEmpty || object.className.module.hasBytes(of: "collections")
  }

  /// Attributes that are set on a dictionary or a tensor. They are listed separately: under the
  /// names of entries, they would pass for entries that the dictionary does not have.
  private mutating func listOwnAttributes(
    _ attributes: PickleValue, _ path: String?, in outer: Surroundings
  ) throws(TorchError) {
    guard Self.hasTensors(attributes) else { return }
    try listAttributes(attributes, joined(path, Self.ownAttributes), in: outer)
  }

  /// Where Python keeps an object's attributes.
  static let ownAttributes = "__dict__"

  /// An object's state: attributes by name, or a pair of such dictionaries, the second one for
  /// slots (`copyreg`).
  private mutating func listAttributes(
    _ state: PickleValue, _ path: String?, in outer: Surroundings
  ) throws(TorchError) {
    guard Self.hasTensors(state) else { return }
    if case .dictionary(let attributes) = state, Self.isModule(attributes.entries) {
      return try listModule(attributes.entries, path, in: outer)
    }
    guard case .tuple(let parts) = state, parts.items.count == 2,
      parts.items.allSatisfy({ if case .dictionary = $0 { true } else { $0.node == nil } })
    else { return try list(state, path, in: outer) }
    for part in parts.items { try list(part, path, in: outer) }
  }

  mutating func visit(_ count: Int) throws(TorchError) {
    visitCount += count
    guard visitCount <= limits.pickleVisitCount else {
      throw TorchError(.visitCount(limit: limits.pickleVisitCount), record: record)
    }
    try repeatValues(count)
  }

  /// Counts something that a value adds in each of the places where it is used.
  mutating func repeatValues(_ count: Int) throws(TorchError) {
    repetition += count
    guard repetition <= repetitionBudget else {
      throw TorchError(.repetition(limit: repetitionBudget), record: record)
    }
  }

  /// What a tensor counts for: its name is kept in several lists.
  private static let repetitionPerTensor = 512
  /// What the tensors of any file may count for: 1024 of them.
  private static let tensorFloor = 1 << 19

  private mutating func add(
    _ tensor: PickleTensor, name: String, in surroundings: Surroundings
  ) throws(TorchError) {
    guard names.insert(ByteText(name)).inserted else {
      throw TorchError(.tensorDuplicate, record: record, offset: tensor.offset, tensor: name)
    }
    switch tensor.content {
    case .plain where surroundings.isUnderAmbiguousKey:
      tensor.ambiguousIndex = tensor.ambiguousIndex ?? unsupported.count
      unsupported.append(
        UnsupportedTensor(
          name: name, description: "a tensor under a key that Python may mistake for another",
          record: record, byteOffset: tensor.offset))
    case .plain(let plain):
      tensor.index = tensor.index ?? tensors.count
      tensors.append(try checked(plain, name: name, offset: tensor.offset))
      dictionaryPaths.append(surroundings.dictionaryPath)
    case .unsupported(let description):
      tensor.index = tensor.index ?? unsupported.count
      unsupported.append(
        UnsupportedTensor(
          name: name, description: description, record: record, byteOffset: tensor.offset))
    }
  }
}
