extension Architecture {
  /// The height and width of the largest image for which costs are counted.
  public static let largestImageSize = 8192

  /// The largest numbers that a description may have, so that neither a product of them nor a sum
  /// over the layers of a model overflows.
  enum Bounds {
    static let stages = 64
    /// In all stages together.
    static let blocks = 1 << 16
    static let channels = 1 << 20
    static let classes = 1 << 24
    static let kernelSize = 64
  }

  /// Throws `SchemaError.impossibleNumber` for the first number with which costs cannot be counted.
  ///
  /// A description found in a file is within the bounds; one that a caller makes up may not be.
  func requireBounds() throws(SchemaError) {
    try require("the number of stages", stages.count, 0...Bounds.stages)
    try require("the input channels", inputChannels, 1...Bounds.channels)
    switch stem {
    case .patch(let kernelSize), .bare(let kernelSize):
      try require("the patch size", kernelSize, 1...Bounds.kernelSize)
    case .overlap(let middleChannels, _):
      try require("the channels within the stem", middleChannels, 1...Bounds.channels)
    }
    try require("the kernel size between stages", downsampleKernelSize, 1...Bounds.kernelSize)
    var blockCount = 0
    for (index, stage) in stages.enumerated() {
      try require("the depth of stage \(index)", stage.depth, 0...Bounds.blocks)
      try require("the width of stage \(index)", stage.width, 1...Bounds.channels)
      try require("the hidden width of stage \(index)", stage.hiddenWidth, 1...4 * Bounds.channels)
      try require("the kernel size of stage \(index)", stage.kernelSize, 1...Bounds.kernelSize)
      blockCount += stage.depth
    }
    try require("the number of blocks", blockCount, 0...Bounds.blocks)
    try require("the hidden features of the head", head.hiddenFeatures ?? 1, 1...Bounds.channels)
    try require("the number of classes", head.classes ?? 0, 0...Bounds.classes)
    try require("the output stride", outputStride ?? 1, 1 ... .max)
  }

  private func require(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(SchemaError) {
    guard range.contains(value) else { throw .impossibleNumber(name: name, value: value) }
  }
}
