/// A function or class, by name.
final class PickleGlobal: PickleNode {
  let globalName: GlobalName
  let meaning: GlobalMeaning
  /// Whether it is in one of the tables, rather than only let pass.
  let isKnown: Bool
  /// What is known about its objects, if it is a class.
  let traits: ClassTraits
  /// The use that asked for it, as an index into those that are noted.
  let useIndex: Int

  init(_ use: GlobalUse, index: Int, meaning: GlobalMeaning) {
    globalName = use.globalName
    self.meaning = meaning
    isKnown = use.verdict.isHarmless
    traits = GlobalTables.traits[globalName.module]?[globalName.name] ?? []
    useIndex = index
  }
}

/// What a call of an inert global would have made.
final class PickleObject: PickleNode {
  let className: GlobalName
  /// Whether its class is a known Python class, so that the file is harmless if the class is.
  let isKnown: Bool
  /// What is known about its class; nothing for an unknown one.
  let traits: ClassTraits
  var arguments: [PickleValue]
  var items: [PickleValue] = []
  var entries = PickleEntries()
  var state: PickleValue?
  /// Whether something else has taken its contents, so that it must stay as it was judged.
  var isSealed = false
  /// The element type that it is, if it is one of NumPy's and has its state.
  var elementType: NumpyElementType?

  init(_ global: PickleGlobal, arguments: [PickleValue]) {
    className = global.globalName
    isKnown = global.isKnown && !GlobalTables.compiledModules.contains(className.module)
    traits = global.traits
    self.arguments = arguments
  }
  override var children: [PickleValue] {
    arguments + items + entries.children + (state.map { [$0] } ?? [])
  }
  override func mapChildren(_ transform: (PickleValue) -> PickleValue) {
    arguments = arguments.map(transform)
    items = items.map(transform)
    entries.mapValues(transform)
    state = state.map(transform)
  }
  override func empty() {
    arguments = []
    items = []
    entries = PickleEntries()
    state = nil
    super.empty()
  }
}
