public import ByteIO

/// What the bytes of a file of another kind ask for when a program takes them for a pickle, as
/// `torch.load` does with whatever is no archive.
public struct HiddenPickle: Sendable {
  /// The globals, in the file's order.
  public let globals: [GlobalUse]
  /// The calls, in the file's order.
  public let calls: [CallUse]
  /// The first global that could do harm.
  public let worst: GlobalUse

  /// Follows the opcodes from the first byte on; `nil`: they ask for nothing but what is known to
  /// be harmless. Most files end the search at their first bytes.
  ///
  /// There is no bound but the file's end: opcodes that pass over bytes reach any place of it. The
  /// work is in proportion to the bytes.
  public init?(_ region: ByteRegion) {
    let sweeps = PickleSweeps(region, record: nil, onlyPlausible: true).sweeps
    globals = sweeps.flatMap(\.globals)
    calls = sweeps.flatMap(\.calls)
    let asked = globals.filter(\.mayRun)
    let called = calls.first { $0.global.mayRun }?.global
    guard let worst = asked.first(where: { $0.verdict == .dangerous }) ?? called ?? asked.first
    else { return nil }
    self.worst = worst
  }

  /// Why such a file is refused.
  public var error: TorchError { TorchError(.hiddenPickle(worst), offset: worst.byteOffset) }
}
