/// What many pickles ask for, or call, as `NotedUses` lists it for one: beyond a number of uses,
/// only those of globals that are not in the list yet. An archive may have very many pickles.
struct UseList<Use> {
  private(set) var uses: [Use] = []
  /// The globals of the first uses, once there are so many that it matters.
  private var known: Set<Known> = []
  private var knownCount = 0

  /// Adds uses to the end.
  mutating func add(_ new: some Sequence<Use>, _ global: (Use) -> GlobalUse) {
    for use in new {
      guard uses.count >= NotedUses.limit else {
        uses.append(use)
        continue
      }
      for earlier in uses[knownCount...] { known.insert(Known(global(earlier))) }
      knownCount = uses.count
      if known.insert(Known(global(use))).inserted {
        uses.append(use)
        knownCount += 1
      }
    }
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
