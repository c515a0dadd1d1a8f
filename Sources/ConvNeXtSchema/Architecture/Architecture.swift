/// A description of a ConvNeXt: its stem, its blocks, its head.
///
/// Names, shapes, costs and checks all follow from this description; nothing else in the project
/// knows how a ConvNeXt is built. Sources: Liu et al., "A ConvNet for the 2020s" (2022); Woo et
/// al., "ConvNeXt V2" (2023); `timm/models/convnext.py`.
public struct Architecture: Hashable, Sendable {
  /// Channels of the input image.
  public var inputChannels = 3
  /// How the image becomes the first stage's input.
  public var stem: Stem = .patch(kernelSize: 4)
  /// The stages, at the highest resolution first; an isotropic model has one.
  public var stages: [Stage]
  /// Kernel size and stride of the convolutions between stages.
  public var downsampleKernelSize = 2
  /// The stride from the image beyond which no stage has fewer positions than the one before it
  /// (timm's `output_stride`); `nil` if every stage has.
  public var outputStride: Int?
  /// What a configuration says about the computation and nothing else here describes, as features:
  /// `norm_eps_0.01`, `global_pool_max`.
  public var settings: [String] = []
  /// What every block consists of.
  public var block = Block()
  /// What every norm computes.
  public var norm: Norm = .layer
  /// What follows the last stage.
  public var head: Head

  /// How the image becomes the first stage's input.
  public enum Stem: Hashable, Sendable {
    /// One convolution whose stride is its kernel size, then a norm.
    case patch(kernelSize: Int)
    /// One convolution whose stride is its kernel size, no norm (isotropic models).
    case bare(kernelSize: Int)
    /// Two 3x3 convolutions of stride 2, then a norm (timm's `_ols`). `hasActivation` means that
    /// there is an activation in between, which shifts the names.
    case overlap(middleChannels: Int, hasActivation: Bool)

    /// Height and width of the patches that one convolution takes; `nil` if there are two.
    public var patchSize: Int? {
      switch self {
      case .patch(let kernelSize), .bare(let kernelSize): kernelSize
      case .overlap: nil
      }
    }
  }

  /// What a norm over the channels of a position computes, before weight and bias.
  ///
  /// The last two have the same tensors; a size or a configuration distinguishes them.
  public enum Norm: String, CaseIterable, Sendable {
    /// Mean subtracted, divided by the root of the biased variance.
    case layer = "layernorm"
    /// Divided by the root of the mean square; no bias (`RmsNorm` in `timm/layers/norm.py`).
    case rootMeanSquare = "rmsnorm"
    /// Divided by the root of the unbiased variance, without subtracting the mean; no bias
    /// (`SimpleNorm` in the same file).
    case simple = "simplenorm"

    /// The feature of a model with such norms; `nil` for the usual ones.
    public var feature: String? {
      switch self {
      case .layer: nil
      case .rootMeanSquare: "rms_norm"
      case .simple: "simple_norm"
      }
    }
  }

  /// A run of blocks of one width.
  public struct Stage: Hashable, Sendable {
    /// Number of blocks.
    public var depth: Int
    /// Channels.
    public var width: Int
    /// Channels between `expand` and `project`: four times the width in all published models.
    public var hiddenWidth: Int
    /// Kernel size of the depthwise convolutions.
    public var kernelSize: Int

    /// Creates a stage, by default of the published shape.
    public init(depth: Int, width: Int, hiddenWidth: Int? = nil, kernelSize: Int = 7) {
      self.depth = depth
      self.width = width
      // Wraps, so that no width traps.
      self.hiddenWidth = hiddenWidth ?? 4 &* width
      self.kernelSize = kernelSize
    }
  }

  /// What every block has in addition to depthwise convolution, norm, expand and project.
  public struct Block: Hashable, Sendable {
    /// Whether the block's output is scaled by a learned number per channel (V1).
    public var hasLayerScale = true
    /// Whether a global response norm follows the activation (V2).
    public var hasGlobalResponseNorm = false
    /// Whether the publisher stores `expand` and `project` as 1x1 convolutions.
    public var hasPointwiseConvolutions = false
    /// The activation between `expand` and `project`, as transformers calls it in `hidden_act`.
    public var activation = Self.usualActivation

    /// The activation of almost all published models.
    public static let usualActivation = "gelu"

    /// A block of version 1.
    public init() {}
  }

  /// What follows the last stage.
  public struct Head: Hashable, Sendable {
    /// Where the final norm is.
    public enum Norm: Hashable, Sendable {
      case afterPooling
      /// Before pooling (timm's `_hnf`).
      case beforePooling
      case none
    }
    /// Where the final norm is.
    public var norm: Norm = .afterPooling
    /// Whether the publisher registers the final norm twice, so that files have it under two names
    /// (DINOv3's `norm` and `norms.3`).
    public var isNormRepeated = false
    /// Stages whose outputs have their own norm, for detection and segmentation.
    public var outputNormStages: [Int] = []
    /// Features of the linear layer before the classifier (timm's `large_mlp`); `nil` if none.
    public var hiddenFeatures: Int?
    /// Outputs of the classifier; `nil` if there is no classifier.
    public var classes: Int?
    /// Whether positions are pooled before the classifier; if not, it answers for each of them
    /// (timm's `global_pool=''`).
    public var isPooled = true

    /// A norm after pooling, then a classifier if there are classes.
    public init(classes: Int?) { self.classes = classes }
  }

  /// Creates a description from stages and head; the rest is as in version 1.
  public init(stages: [Stage], head: Head) {
    self.stages = stages
    self.head = head
  }

  /// Creates one of the published shape from depths and widths.
  ///
  /// - Precondition: There is one width for each depth.
  public init(depths: [Int], widths: [Int], classes: Int?) {
    precondition(depths.count == widths.count, "one width for each depth")
    self.init(
      stages: zip(depths, widths).map { Stage(depth: $0, width: $1) }, head: Head(classes: classes))
  }

  /// 2 with global response norms, else 1.
  public var version: Int { block.hasGlobalResponseNorm ? 2 : 1 }
  /// Blocks in each stage.
  public var depths: [Int] { stages.map(\.depth) }
  /// Channels of each stage.
  public var widths: [Int] { stages.map(\.width) }
  /// Whether norms have a bias as well as a weight.
  public var normsHaveBias: Bool { norm == .layer }
  /// Whether all blocks work at one resolution.
  public var isIsotropic: Bool { if case .bare = stem { true } else { false } }

  /// What the model has that its version, depths, widths and classes do not show, as stable names.
  public var features: [String] {
    var features: [String] = []
    if block.hasLayerScale { features.append("layer_scale") }
    if block.hasGlobalResponseNorm { features.append("grn") }
    if isIsotropic { features.append("isotropic") }
    if case .overlap(_, let hasActivation) = stem {
      features.append(hasActivation ? "overlap_stem_act" : "overlap_stem")
    }
    if block.hasPointwiseConvolutions { features.append("conv_mlp") }
    if let feature = norm.feature { features.append(feature) }
    if block.activation != Block.usualActivation {
      features.append(Self.activationPrefix + block.activation)
    }
    if let outputStride {
      features.append("\(Self.outputStridePrefix)\(outputStride)")
    }
    features += settings
    if head.norm == .beforePooling { features.append("head_norm_first") }
    if head.isNormRepeated { features.append("repeated_norm") }
    if !head.outputNormStages.isEmpty { features.append("output_norms") }
    if head.hiddenFeatures != nil { features.append("pre_logits") }
    if !head.isPooled { features.append(Self.unpooledFeature) }
    if head.classes == nil { features.append("headless") }
    return features
  }

  /// Applies those features that canonical names and shapes do not show.
  mutating func apply(_ features: [String]) {
    if features.contains("conv_mlp") { block.hasPointwiseConvolutions = true }
    if features.contains("repeated_norm"), head.norm == .afterPooling { head.isNormRepeated = true }
    if features.contains("head_norm_first"), head.norm == .afterPooling {
      head.norm = .beforePooling
    }
    if features.contains(Self.unpooledFeature), head.norm != .none || head.classes != nil {
      head.isPooled = false
    }
    if case .overlap(let middle, _) = stem, features.contains("overlap_stem_act") {
      stem = .overlap(middleChannels: middle, hasActivation: true)
    }
  }
}
