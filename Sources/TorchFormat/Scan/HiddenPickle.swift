package import ByteIO

/// What the bytes of a file of another kind ask for when a program loads them as a pickle, as
/// `torch.load` does with anything that is not an archive.
package struct HiddenPickle: Sendable {
  /// The globals, in the file's order.
  package let globals: [GlobalUse]
  /// The calls, in the file's order.
  package let calls: [CallUse]
  /// The first global that could do harm.
  package let worst: GlobalUse

  /// Follows the opcodes from the first byte on; `nil` if they ask for nothing. In most files the
  /// search ends at the first bytes.
  ///
  /// Anything that Python would look up is too much: a program that saves tensors puts no names of
  /// modules there, and harmless functions can be given arguments that are not harmless. A pickle
  /// need not reach its end for that.
  ///
  /// There is no bound but the file's end: opcodes that skip bytes reach any place in it. The work
  /// is in proportion to the bytes.
  package init?(_ region: ByteRegion) {
    let sweeps = PickleSweeps(region, record: nil)
    globals = sweeps.globals
    calls = sweeps.calls
    let asked = globals.filter { $0.mayRun || $0.verdict.isHarmless }
    let called = calls.first { $0.global.mayRun }?.global
    guard
      let worst = asked.first(where: { $0.verdict == .dangerous }) ?? called
        ?? asked.first(where: \.mayRun) ?? asked.first
    else { return nil }
    self.worst = worst
  }

  /// Why such a file is refused.
  package var error: TorchError { TorchError(.hiddenPickle(worst), offset: worst.byteOffset) }
}
