/// What is assumed about a model that its publisher's code, as it was published, does not build:
/// weights do not show strides.
public enum ArchitectureAssumption: Equatable, Sendable {
  /// The first convolution's stride is its kernel size.
  case stemStride(kernelSize: Int, usual: Int)
  /// The strides of the convolutions between stages are their kernel size.
  case downsampleStride(kernelSize: Int, usual: Int)
  /// A depthwise convolution with an even kernel size keeps the number of positions.
  case evenKernel(kernelSize: Int)

  /// The assumption in words.
  public var sentence: String {
    switch self {
    case .stemStride(let size, let usual):
      "the first convolution is \(size)x\(size), where the publisher's code has \(usual)x\(usual): "
        + "its stride, which weights do not show, is assumed to be \(size), and costs go by that"
    case .downsampleStride(let size, let usual):
      "the convolutions between stages are \(size)x\(size), where all publishers' code has "
        + "\(usual)x\(usual): their stride, which weights do not show, is assumed to be \(size), and "
        + "costs go by that"
    case .evenKernel(let size):
      "depthwise convolutions are \(size)x\(size), and no padding that is the same on both sides keeps "
        + "the positions; it is assumed that they are kept"
    }
  }
}

extension Architecture {
  /// What is assumed about the model, whose publisher's code may have been changed.
  ///
  /// - Parameter naming: Whose code builds the model.
  public func assumptions(of naming: Naming) -> [ArchitectureAssumption] {
    let numbers = naming.buildableFeatures?.numbers ?? BuildableNumbers()
    var assumptions: [ArchitectureAssumption] = []
    if case .patch(let size) = stem, let usual = numbers.patchSize, size != usual {
      assumptions.append(.stemStride(kernelSize: size, usual: usual))
    }
    if let usual = numbers.downsampleKernelSize, stages.count > 1, downsampleKernelSize != usual {
      assumptions.append(.downsampleStride(kernelSize: downsampleKernelSize, usual: usual))
    }
    if let even = stages.map(\.kernelSize).first(where: { $0.isMultiple(of: 2) }) {
      assumptions.append(.evenKernel(kernelSize: even))
    }
    return assumptions
  }
}
