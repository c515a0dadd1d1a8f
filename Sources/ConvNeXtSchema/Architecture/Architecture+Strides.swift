extension Architecture {
  private static let outputStrides = 1...1 << 16

  /// Applies a bound on the stride, if it makes a difference.
  mutating func applyOutputStride(_ bound: Int) {
    guard Self.outputStrides.contains(bound) else { return }
    var limited = self
    limited.outputStride = bound
    if stages.indices.dropFirst().contains(where: { limited.downsampleStride($0) == 1 }) {
      outputStride = bound
    }
  }

  /// timm never has a stride beyond 32 from image to last stage (`output_stride` of
  /// `timm/models/convnext.py`): after patches of 8 and more, its last stages keep their positions.
  static let timmOutputStride = 32

  /// The stride of the convolution before a stage: 1 where it would go beyond `outputStride`.
  func downsampleStride(_ stage: Int) -> Int {
    keepsPositions(stage) ? 1 : downsampleKernelSize
  }

  /// Whether a stage has as many positions as the one before it because `outputStride` is reached.
  func keepsPositions(_ stage: Int) -> Bool {
    guard stage > 0, let outputStride else { return false }
    return stride(before: stage) >= outputStride
  }

  /// More than any image that costs are given for; no padding overflows.
  private static let largestDilation = 1 << 16

  /// The dilation of a stage's depthwise convolutions: doubled by each stage up to it that keeps
  /// its positions, so that kernels see as much of the image as they would (`ConvNeXt` in
  /// `timm/models/convnext.py`).
  func dilation(_ stage: Int) -> Int {
    stages.indices.prefix(stage + 1).reduce(1) { dilation, stage in
      keepsPositions(stage) ? min(2 * dilation, Self.largestDilation) : dilation
    }
  }

  /// The dilation of the convolution before a stage: timm's `first_dilation`.
  func downsampleDilation(_ stage: Int) -> Int { dilation(stage) <= 2 ? 1 : 2 }

  /// The stride from the image to the convolution before a stage if every convolution between
  /// earlier stages halves the positions; `Int.max` if that overflows.
  func stride(before stage: Int) -> Int {
    var reached = stemStride
    for _ in stages.indices.prefix(stage).dropFirst() {
      let (next, overflows) = reached.multipliedReportingOverflow(by: 2)
      reached = overflows ? .max : next
    }
    return reached
  }

  static let usualPatchSize = 4
  /// The kernel size of the depthwise convolutions of almost all published models.
  static let usualKernelSize = 7

  /// The stride from the image to the first stage.
  var stemStride: Int { stem.patchSize ?? 4 }
}
