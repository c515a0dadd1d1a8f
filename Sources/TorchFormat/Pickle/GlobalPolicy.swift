/// Whether a pickle may ask for globals that are not known.
enum GlobalPolicy {
  /// Anything that is not known to be harmless ends the reading.
  case strict
  /// Only dangerous globals do.
  case skippingUnknown
  /// Nothing does: globals are only listed. The result must not be presented as a file that could
  /// be read.
  case observing

  /// Whether a pickle may ask for a global of this verdict.
  func allows(_ verdict: GlobalVerdict) -> Bool {
    switch verdict {
    case _ where verdict.isHarmless: true
    case .unknown: self != .strict
    default: self == .observing
    }
  }
}
