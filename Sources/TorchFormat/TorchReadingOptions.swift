public import ByteIO

/// How a PyTorch file is read.
public struct TorchReadingOptions: Sendable {
  /// How much of each resource the file may ask for.
  public var limits: Limits
  /// Whether unknown globals are kept as named values, so that the tensors around them can be
  /// read. Dangerous ones are refused all the same.
  public var skipsUnknownGlobals: Bool

  /// Creates options; unknown globals are refused by default.
  public init(limits: Limits = .standard, skipsUnknownGlobals: Bool = false) {
    self.limits = limits
    self.skipsUnknownGlobals = skipsUnknownGlobals
  }
}
