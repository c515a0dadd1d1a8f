/// From where on something is a finding.
///
/// `docs/command-line.md` has the same table; a test holds the two against each other.
public enum HealthThresholds {
  /// Numbers of this magnitude and above are infinite in F16: the middle between its largest
  /// number, 65504, and the next power of two, which rounding takes up.
  public static let float16Overflow = 65_520.0

  /// Dead channels that are a larger part of a tensor's than this are a warning, fewer a note.
  /// Trained models do have single dead channels.
  public static let deadChannelShare = 0.05

  /// Where this part of norms, biases and layer scales has its initial value, the model looks
  /// untrained.
  public static let untrainedShare = 0.9

  /// What layer scales start from: 1e-6 in the code of Meta, timm, transformers, torchvision and
  /// OpenMMLab; 1 in Meta's and OpenMMLab's configurations for detection and segmentation.
  public static let initialLayerScales = [1e-6, 1.0]

  /// How far, relatively, a layer scale may be from such a value: 1e-6 is subnormal in F16 and off
  /// by 1.4 %.
  public static let layerScaleTolerance = 0.02
}
