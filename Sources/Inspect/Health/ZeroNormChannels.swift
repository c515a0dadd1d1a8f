import TensorModel

/// Channels of a norm whose weight is zero.
struct ZeroNormChannels: Equatable {
  /// Channels of weight zero.
  private(set) var zeroWeightCount = 0
  /// Those whose bias is zero too.
  private(set) var deadCount = 0

  /// Goes over both tensors side by side, in constant memory.
  ///
  /// - Parameter bias: As long as `weight`; `nil` if the norm has none.
  init(weight: Tensor, bias: Tensor?) throws {
    guard var weights = try NumberReader(weight) else { return }
    var biases = try bias.flatMap { try NumberReader($0) }
    while weights.advance() {
      let hasBias = biases?.advance() ?? false
      for index in weights.numbers.indices where weights.numbers[index] == 0 {
        zeroWeightCount += 1
        if !hasBias || biases?.numbers[index] == 0 { deadCount += 1 }
      }
    }
  }
}
