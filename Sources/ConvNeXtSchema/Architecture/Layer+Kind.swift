extension Layer {
  /// What a layer computes, as reports and JSON call it.
  public enum Kind: String, CaseIterable, Sendable {
    case convolution = "conv"
    case linear
    case layerNorm = "layernorm"
    case rootMeanSquareNorm = "rmsnorm"
    case simpleNorm = "simplenorm"
    case globalResponseNorm = "grn"
    case layerScale = "layer_scale"
    case averagePool = "avgpool"

    /// The norm of a model that has such norms.
    init(_ norm: Architecture.Norm) {
      self =
        switch norm {
        case .layer: .layerNorm
        case .rootMeanSquare: .rootMeanSquareNorm
        case .simple: .simpleNorm
        }
    }

    /// In words: `layer scale`.
    public var title: String { rawValue.replacing("_", with: " ") }
  }
}
