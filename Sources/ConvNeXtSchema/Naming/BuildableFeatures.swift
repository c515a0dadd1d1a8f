/// What the code of a publisher can build.
///
/// Names alone do not show this: a model whose final norm is before the pooling has the names of
/// one with the norm after it, and a publisher's code would load it and compute something else.
struct BuildableFeatures {
  /// What all of the publisher's models have, as in `Architecture.features`.
  let required: Set<String>
  /// What some of them have.
  let optional: Set<String>
  /// What none of them has in combination.
  var exclusive: Set<String> = []
  /// Whether a model with a classifier may have norms of its stages' outputs, too.
  var classifiesWithOutputNorms = false
  /// Numbers that are the same in all of them.
  var numbers = BuildableNumbers()
}

/// Numbers that a publisher's code does not accept as options; `nil` if it does.
struct BuildableNumbers {
  var stageCount: Int?
  /// Whether the code leaves out the last stages if only the features of others are asked for
  /// (timm's `features_only` with `out_indices`).
  var leavesStagesOut = false
  var inputChannels: Int?
  var patchSize: Int?
  /// A patch size with which the publisher's code builds another model.
  var refusedPatchSize: Int?
  /// A bound on the stride from image to last stage that the code applies without being told to.
  var outputStride: Int?
  var kernelSize: Int? = Architecture.usualKernelSize
  var downsampleKernelSize: Int? = 2
  /// Channels between `expand` and `project`, as a multiple of the stage's width.
  var expansion: Int? = 4
}
