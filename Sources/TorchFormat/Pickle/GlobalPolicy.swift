/// Whether a pickle may ask for globals that are not known.
enum GlobalPolicy {
  /// What is not known to be harmless ends the reading.
  case strict
  /// Only what is dangerous does.
  case skippingUnknown
  /// Nothing does: the globals are only listed. The result must not be shown to anybody as a file
  /// that could be read.
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
