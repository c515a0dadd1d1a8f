/// The values from which on something is a finding.
///
/// `docs/command-line.md` has the same table; a test compares the two.
public enum HealthThresholds {
  /// Numbers of this magnitude and above are infinite in F16: it is midway between the largest F16
  /// number, 65504, and the next power of two, and is rounded up.
  public static let float16Overflow = 65_520.0

  /// Dead channels are a warning if they are a larger part of a tensor's channels than this, and a
  /// note otherwise. Trained models do have single dead channels.
  public static let deadChannelShare = 0.05

  /// If this part of norms, biases and layer scales has its initial value, the model looks
  /// untrained.
  public static let untrainedShare = 0.9

  /// What layer scales start from: 1e-6 in the code of Meta, timm, transformers, torchvision and
  /// OpenMMLab; 1 in Meta's and OpenMMLab's configurations for detection and segmentation.
  public static let initialLayerScales = [1e-6, 1.0]

  /// How far, relatively, a layer scale may be from such a value: 1e-6 is subnormal in F16 and off
  /// by 1.4 %.
  public static let layerScaleTolerance = 0.02
}
