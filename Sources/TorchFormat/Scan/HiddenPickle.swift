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

  /// Follows the opcodes from the first byte on; `nil`: they do not ask for anything dangerous, nor
  /// for anything unknown beside calls. Most files end the search at their first bytes.
  ///
  /// - Parameter limits: `pickleByteCount` bounds how far the search goes.
  public init?(_ region: ByteRegion, limits: Limits = .standard) {
    let start = region.slice(
      offset: 0, byteCount: min(region.byteCount, limits.pickleByteCount))
    guard let start else { return nil }
    let sweeps = PickleSweeps(start, record: nil, onlyPlausible: true).sweeps
    guard sweeps.contains(where: \.asksForHarm) else { return nil }
    globals = sweeps.flatMap(\.globals)
    calls = sweeps.flatMap(\.calls)
    let called = calls.first { $0.global.verdict == .unknown }?.global
    let named = globals.first { $0.verdict == .unknown && PickleSweep.isPlainName($0) }
    guard let worst = globals.first(where: { $0.verdict == .dangerous }) ?? called ?? named else {
      return nil
    }
    self.worst = worst
  }

  /// Why such a file is refused.
  public var error: TorchError { TorchError(.hiddenPickle(worst), offset: worst.byteOffset) }
}
