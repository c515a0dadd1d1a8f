/// What many pickles ask for, or call, as `NotedUses` lists it for one: beyond a number of uses,
/// only those of globals that are not in the list yet. An archive may have very many pickles.
struct UseList<Use: PlacedUse> {
  private(set) var uses: [Use] = []
  /// The globals of the first uses, once there are so many that it matters.
  private var known: Set<Known> = []
  private var knownCount = 0
  /// The places of the first uses, once they have been needed. Each use is visited only once: a
  /// file may have thousands of pickles that are swept one after the other.
  private var places: Set<UsePlace> = []
  private var placedCount = 0

  /// Adds uses to the end.
  mutating func add(_ new: some Sequence<Use>) {
    for use in new {
      guard uses.count >= NotedUses.limit else {
        uses.append(use)
        continue
      }
      for earlier in uses[knownCount...] { known.insert(Known(earlier.usedGlobal)) }
      knownCount = uses.count
      if known.insert(Known(use.usedGlobal)).inserted {
        uses.append(use)
        knownCount += 1
      }
    }
  }

  /// Adds those uses whose places were not in the list before.
  mutating func addNew(_ new: [Use]) {
    if new.isEmpty { return }
    for use in uses[placedCount...] { places.insert(UsePlace(use)) }
    placedCount = uses.count
    add(new.filter { !places.contains(UsePlace($0)) })
  }

  /// A global as one pickle uses it: the function that looks up methods is harmless in some.
  private struct Known: Hashable {
    let name: GlobalName
    let verdict: GlobalVerdict

    init(_ global: GlobalUse) {
      name = global.globalName
      verdict = global.verdict
    }
  }
}

/// The globals that many pickles ask for, and those that they call.
struct PickleUses {
  private(set) var globals = UseList<GlobalUse>()
  private(set) var calls = UseList<CallUse>()

  /// Adds what a pickle asks for and calls.
  mutating func add(_ globals: some Sequence<GlobalUse>, _ calls: some Sequence<CallUse>) {
    self.globals.add(globals)
    self.calls.add(calls)
  }

  /// Adds what is not listed yet at its place.
  mutating func addNew(_ other: PickleUses) {
    globals.addNew(other.globals.uses)
    calls.addNew(other.calls.uses)
  }
}
