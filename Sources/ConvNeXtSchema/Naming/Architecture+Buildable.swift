extension Architecture {
  /// Throws `SchemaError.featureNotExpressible`, `.featureMissing`, `.numberNotExpressible` or
  /// `.ambiguousNorm` if a publisher's code could not build the model, or would mistake it for
  /// another one.
  ///
  /// - Parameter isOwnCode: Whether the weights came with this publisher's names. If so, the code
  ///   that reads them has the same numbers, whatever it was changed to.
  func requireBuildable(
    by naming: Naming, isOwnCode: Bool = false
  ) throws(SchemaError) {
    guard let buildable = naming.buildableFeatures else { return }
    let features = features
    let known = buildable.required.union(buildable.optional).union(Self.storageFeatures)
    for feature in features {
      guard
        known.contains(feature)
          || known.contains(where: { $0.hasSuffix("_") && feature.hasPrefix($0) })
      else {
        throw .featureNotExpressible(naming: naming, feature: feature)
      }
    }
    for feature in buildable.required.sorted() where !features.contains(feature) {
      throw .featureMissing(naming: naming, feature: feature)
    }
    if !buildable.exclusive.isEmpty, buildable.exclusive.isSubset(of: features) {
      throw .featureNotExpressible(
        naming: naming, feature: buildable.exclusive.sorted().joined(separator: " and "))
    }
    if !buildable.classifiesWithOutputNorms, features.contains("output_norms"),
      head.classes != nil
    {
      throw .featureNotExpressible(naming: naming, feature: "output_norms and a classifier")
    }
    if !isOwnCode { try require(buildable.numbers, of: naming) }
    if naming == .openmmlab, head.outputNormStages == [stages.count - 1] {
      throw .ambiguousNorm(naming: naming)
    }
  }

  /// Whether one of the publisher's models lacks its last stages and everything after them.
  private func isShortened(_ numbers: BuildableNumbers) -> Bool {
    numbers.leavesStagesOut && head.norm == .none && head.classes == nil
      && stages.count < numbers.stageCount ?? 0
  }

  private func require(_ numbers: BuildableNumbers, of naming: Naming) throws(SchemaError) {
    // The isotropic models have one stage after patches of 16.
    let leavesStageCountOpen = isIsotropic || isShortened(numbers)
    let kernelSizes = stages.map(\.kernelSize)
    let patchSizes = isIsotropic ? [] : stem.patchSize.map { [$0] } ?? []
    let rows: [(name: String, expected: Int?, found: [Int])] = [
      ("number of stages", numbers.stageCount, leavesStageCountOpen ? [] : [stages.count]),
      ("number of input channels", numbers.inputChannels, [inputChannels]),
      ("patch size", numbers.patchSize, patchSizes),
      ("kernel size", numbers.kernelSize, kernelSizes),
      (
        "kernel size between stages", numbers.downsampleKernelSize,
        stages.count > 1 ? [downsampleKernelSize] : []
      ),
      // What no publisher's code pads on both sides alike, and what timm's takes for another stem.
      ("kernel size", Self.usualKernelSize, kernelSizes.filter { $0.isMultiple(of: 2) }),
      ("patch size", Self.usualPatchSize, patchSizes.filter { $0 == numbers.refusedPatchSize }),
    ]
    for row in rows {
      if let expected = row.expected, let found = row.found.first(where: { $0 != expected }) {
        throw .numberNotExpressible(
          naming: naming, name: row.name, expected: expected, found: found)
      }
    }
    if let bound = numbers.outputStride { try require(outputStride: bound, of: naming) }
    if let expansion = numbers.expansion,
      let stage = stages.first(where: { $0.hiddenWidth != expansion * $0.width })
    {
      throw .numberNotExpressible(
        naming: naming, name: "number of channels within a block",
        expected: expansion * stage.width, found: stage.hiddenWidth)
    }
  }

  /// Throws if the publisher's code would bound the stride of a model that was built without.
  private func require(outputStride bound: Int, of naming: Naming) throws(SchemaError) {
    guard outputStride == nil else { return }
    var limited = self
    limited.applyOutputStride(bound)
    guard limited.outputStride != nil else { return }
    throw .numberNotExpressible(
      naming: naming, name: "stride from the image to the last stage", expected: bound,
      found: stride(before: stages.count))
  }
}
