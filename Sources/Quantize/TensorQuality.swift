import TensorModel

/// What a tensor's quantization costs, measured on what a reader gets.
public struct TensorQuality: Equatable, Sendable {
  /// The sum of the weights' squares.
  public var signal: Double
  /// The sum of the squared errors.
  public var noise: Double
  /// The largest distance between a weight and what is left of it.
  public var maximumError: Double
  /// Weights that were not 0 and now are.
  public var flushedCount: Int
  /// Weights that became subnormal numbers of F16 or BF16.
  public var subnormalCount: Int
  /// Weights beyond the largest number that were set to it, or to infinity.
  public var clippedCount: Int
  /// The smallest and the largest scale; `nil` without scales.
  public var scales: ClosedRange<Float>?

  /// The signal-to-noise ratio in decibels; infinite without noise.
  public var sqnr: Double { signalToNoise(signal: signal, noise: noise) }
}
