/// What many pickles ask for, or call, as `NotedUses` lists it for one: beyond a number of uses,
/// only those of globals that are not in the list yet. An archive may have very many pickles.
struct UseList<Use> {
  private(set) var uses: [Use] = []
  /// The globals of the first uses, once there are so many that it matters.
  private var names: Set<Name> = []
  private var namedCount = 0

  /// Adds uses to the end.
  mutating func add(_ new: some Sequence<Use>, _ global: (Use) -> GlobalUse) {
    for use in new {
      guard uses.count >= NotedUses.limit else {
        uses.append(use)
        continue
      }
      for known in uses[namedCount...] { names.insert(Self.name(global(known))) }
      namedCount = uses.count
      if names.insert(Self.name(global(use))).inserted {
        uses.append(use)
        namedCount += 1
      }
    }
  }

  /// A global as one pickle uses it: the function that looks up methods is harmless in some.
  private struct Name: Hashable {
    let module: ByteText
    let name: ByteText
    let verdict: GlobalVerdict
  }

  private static func name(_ global: GlobalUse) -> Name {
    Name(
      module: ByteText(global.module), name: ByteText(global.name), verdict: global.verdict)
  }
}
