/// What is done with numbers that are too large for F16 or BF16.
public enum OverflowPolicy: String, CaseIterable, Sendable {
  /// They are an error.
  case refuse = "error"
  /// The whole tensor stays F32.
  case keepFloat32 = "keep-float32"
  /// They become the largest number of their sign.
  case saturate
  /// They become infinite.
  case infinity
}
