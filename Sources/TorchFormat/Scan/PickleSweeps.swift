import ByteIO

/// Sweeps of consecutive pickles.
struct PickleSweeps {
  /// What they ask for and call, in order: every use, or, beyond 100,000, at least one of each
  /// global, and of each that is called.
  private(set) var uses = PickleUses()
  /// How many bytes were looked at, or could have been in the time that it took to note what is in
  /// them.
  private(set) var cost = 0

  /// Sweeps what begins at `offset`: as long as there are opcodes, or only as long as the bytes
  /// seem to be pickles, because any bytes can look like opcodes for a while.
  init(_ region: ByteRegion, from offset: Int = 0, record: String?, onlyPlausible: Bool = false) {
    var start = offset
    var sweep = PickleSweep(region, from: start, record: record)
    while true {
      cost += sweep.reach - start + sweep.noteCost
      let isPlausible =
        sweep.end != nil || sweep.asksForHarm || PickleSweep.begins(region, at: start)
      guard isPlausible || !onlyPlausible else { break }
      uses.add(sweep.globals, sweep.calls)
      guard let end = sweep.end, end < region.byteCount else { break }
      start = end
      sweep.restart(at: start)
    }
  }

  /// The globals, in order.
  var globals: [GlobalUse] { uses.globals.uses }
  /// The calls of these globals, in order.
  var calls: [CallUse] { uses.calls.uses }
}

extension PickleSweep {
  /// Whether it names something that is known to be dangerous, or anything in a module that is; or
  /// calls anything, and names something that is unknown, dotted, or determined only when it runs:
  /// harmless functions call what they are given. Lines of a text that are not names at all do not
  /// count.
  var asksForHarm: Bool {
    globals.contains { use in
      switch use.verdict {
      case .data, .inert: false
      case .unknown: acts
      case .dangerous:
        use.globalName.isPlain || use.isOfDangerousModule || acts && use.globalName.canBeFound
      }
    }
  }

  /// Whether some bytes would be loaded as a pickle, whatever follows its end: bytes that begin as
  /// one, or opcodes of a protocol that has no distinct beginning, if they ask for a global.
  ///
  /// - Parameter isCut: Whether the bytes are only the first ones of many.
  static func isPickle(_ region: ByteRegion, isCut: Bool) -> Bool {
    guard region.byteCount >= 2 else { return false }
    let begins = begins(region, at: 0)
    if begins, isCut || region[region.byteCount - 1] == PickleOpcode.stop.rawValue { return true }
    let sweep = PickleSweep(region, record: nil)
    let asksForGlobals = !sweep.globals.isEmpty && (begins || sweep.end != nil)
    return asksForGlobals || sweep.asksForHarm || begins && sweep.end != nil
  }

  fileprivate static func begins(_ region: ByteRegion, at offset: Int) -> Bool {
    offset + 1 < region.byteCount && region[offset] == PickleOpcode.proto.rawValue
      && region[offset + 1] <= 5
  }
}
