/// The tool whose way of counting a figure follows.
///
/// "FLOPs" means different things to different tools; each figure here equals what the named tool
/// prints for the publisher's own code.
public enum CostConvention: String, CaseIterable, Sendable {
  /// fvcore's `FlopCountAnalysis` on timm's or torchvision's model: multiply-adds, five operations
  /// for each number that a layer norm works on, and one for each number that an adaptive pooling
  /// averages. It does not see RMS norms and simple norms, nor timm's other ways of pooling.
  case fvcoreTimm = "fvcore-timm"
  /// The same on Meta's model, whose norms outside blocks are written by hand and whose pooling is
  /// a mean: fvcore sees neither.
  case fvcoreFacebook = "fvcore-facebook"
  /// `torch.utils.flop_counter`: two operations for each multiply-add.
  case torchFlopCounter = "torch-flop-counter"
  /// mmcv's counter on the backbone, as in mmpretrain's tables of V1 at 224: multiply-adds and the
  /// biases of convolutions, including 1x1 convolutions in place of linear layers; no classifier.
  case mmcv

  /// The figure for some layers, or `nil` if the tool's number for such a model is not known.
  public func cost(of layers: [Layer]) -> Int? {
    let macs = layers.reduce(0) { $0 + $1.macs }
    switch self {
    case .torchFlopCounter: return 2 * macs
    case .mmcv:
      return layers.reduce(0) { sum, layer in
        switch layer.module.role {
        case .classifier, .preLogits: sum
        default:
          sum + layer.macs
            + (layer.convolution == nil && !layer.isPointwiseConvolution ? 0 : layer.outputCount)
        }
      }
    case .fvcoreTimm, .fvcoreFacebook:
      let hasUnseenNorms = layers.contains {
        [.rootMeanSquareNorm, .simpleNorm].contains($0.kind)
      }
      // Meta's code has no such norms.
      if self == .fvcoreFacebook, hasUnseenNorms { return nil }
      return layers.reduce(macs) { sum, layer in
        switch layer.module.kind {
        case .norm(_, let isWrittenByHand):
          hasUnseenNorms || self == .fvcoreFacebook && isWrittenByHand
            ? sum : sum + 5 * layer.inputCount
        case .averagePool where self == .fvcoreTimm && [nil, "avgmax"].contains(layer.globalPool):
          sum + layer.inputCount
        default: sum
        }
      }
    }
  }
}
