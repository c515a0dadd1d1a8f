import ByteIO
import TensorModel

/// Finds the ConvNeXt in a file and determines which tensor is which.
public struct ModelMatcher: Sendable {
  private let inputs: [SchemaInput]
  private let found: [(candidate: Candidate, table: NameTable)]
  private let knownFeatures: [String]?

  /// Looks for models in little more than one pass over the tensors, however many places there are.
  ///
  /// - Parameter knownFeatures: What the file says about the model, as in `Architecture.features`:
  ///   canonical names and shapes do not show where the final norm is, nor how a publisher stores
  ///   pointwise convolutions, and no names show the activation. `nil` if it says nothing; timm's
  ///   names of a size then imply what timm's code says about that size.
  public init(_ inputs: [SchemaInput], knownFeatures: [String]? = nil) {
    self.inputs = inputs
    self.knownFeatures = knownFeatures
    found = CandidateSearch(inputs).candidates()
  }

  /// The places where a ConvNeXt was found, the preferred one first.
  public var candidates: [Candidate] { found.map(\.candidate) }

  /// Why no ConvNeXt was found, if none was. Goes over all names.
  public var noModel: SchemaError {
    inputs.contains(where: Self.isSparseKernel)
      ? .sparseModel
      : .noModel(
        tensorCount: inputs.count, misplaced: MisplacedBlock(in: inputs),
        replaced: ReplacedWeights(inputs.lazy.map(\.info)))
  }

  /// A depthwise kernel of MinkowskiEngine: `[k*k, C]` (`models/convnextv2_sparse.py`).
  private static func isSparseKernel(_ input: SchemaInput) -> Bool {
    input.info.shape.count == 2
      && input.info.name.utf8.suffix(sparseKernelName.count).elementsEqual(sparseKernelName)
  }

  private static let sparseKernelName = Array(".dwconv.kernel".utf8)

  /// Matches the tensors of one place against the model that they form.
  ///
  /// - Parameters:
  ///   - key: Where to look, as `Candidate.key` gives it; `nil` for the preferred place.
  ///   - isBackboneOnly: Whether the classifier and other parts of the network are left out.
  /// - Throws: `SchemaError` if no ConvNeXt is found, or none at `key`.
  public func match(
    key: String? = nil, isBackboneOnly: Bool = false
  ) throws(SchemaError) -> ModelMatch {
    guard let preferred = found.first else { throw noModel }
    guard let key else { return match(preferred, within: "", isBackboneOnly: isBackboneOnly) }
    let path = key.isEmpty ? "" : "\(key)."
    // Every path begins with the empty one, and not all of them are meant.
    guard
      let chosen = found.first(where: { $0.candidate.key.hasBytes(of: key) })
        ?? found.first(where: { !key.isEmpty && $0.candidate.path.utf8.starts(with: path.utf8) })
    else { throw .noModelAtKey(key, available: candidates.map(\.key)) }
    return match(chosen, within: path, isBackboneOnly: isBackboneOnly)
  }

  /// The tensors, by index, of other models in the same dictionary, if something determined which
  /// one to take: averages next to the weights that they average.
  private func inOtherModels(beside candidate: Candidate) -> [Int] {
    let others = candidates.filter { $0.isAveraged != candidate.isAveraged }
    guard others.count < Self.comparedModelCount else { return [] }
    let paths = others.filter { !candidate.path.utf8.starts(with: $0.path.utf8) }.map(\.path.utf8)
    return inputs.indices.filter { index in
      paths.contains { inputs[index].info.name.utf8.starts(with: $0) }
    }
  }

  private static let comparedModelCount = 8

  /// The types of step counters, and of the flag that an average was begun (`ema_pytorch`'s
  /// `initted`).
  private static let counterTypes: [ElementType] = [.int64, .bool]

  /// The tensors, by index, that are named `ema_` and another one's name with underscores for its
  /// dots.
  private func averageBuffers(among scope: [Int], of wrapper: String) -> [Int] {
    let start = wrapper.isEmpty ? 0 : wrapper.utf8.count + 1
    let names = scope.map { (index: $0, name: inputs[$0].info.name.utf8.dropFirst(start)) }
    let buffers = names.filter { $0.name.starts(with: Self.averagePrefix) }
    guard !buffers.isEmpty else { return [] }
    let flattened = Set(
      names.map { $0.name.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 } })
    return buffers.filter { flattened.contains(Array($0.name.dropFirst(Self.averagePrefix.count))) }
      .map(\.index)
  }

  private static let averagePrefix = Array("ema_".utf8)

  /// Whether a counter belongs to a batch norm in another part of the network.
  private static func countsBatches(_ name: TensorName) -> Bool {
    DottedName(name.utf8).last.elementsEqual("num_batches_tracked".utf8)
  }

  /// Applies what no names and shapes show: from the file, else from the size.
  private func applyKnown(to architecture: inout Architecture, naming: Naming) {
    let features = knownFeatures ?? []
    if naming == .canonical { architecture.apply(features) }
    if naming == .timm {
      architecture.applyOutputStride(Architecture.timmOutputStride)
      // Without a layer after the pool, no shape shows that there is no pool.
      let head = architecture.head
      if head.classes == nil, head.hiddenFeatures == nil {
        architecture.apply(features.filter { $0 == Architecture.unpooledFeature })
      }
    }
    architecture.applySettings(features)
    architecture.dropUsualEpsilon()
    architecture.applyNorm(features)
    if naming == .timm, knownFeatures == nil {
      architecture.applySettings(architecture.publishedSettings)
    }
  }

  /// - Parameter scopePath: What a tensor's name must begin with for the tensor to be extra if the
  ///   model has no place for it.
  private func match(
    _ found: (candidate: Candidate, table: NameTable), within scopePath: String,
    isBackboneOnly: Bool
  ) -> ModelMatch {
    let (candidate, table) = found
    let path = candidate.path.utf8
    let wrapper = candidate.wrapper ?? ""
    let scope = inputs.indices.filter { inputs[$0].wrapper.hasBytes(of: wrapper) }
    let inside = scope.filter { inputs[$0].info.name.utf8.starts(with: path) }
    let inference = ArchitectureInference(
      inside.map { index in
        let info = inputs[index].info
        return (Substring(info.name.utf8.dropFirst(path.count)), info.shape)
      }, table: table, bodyPrefix: candidate.bodyPrefix)
    var architecture = inference.architecture()
    applyKnown(to: &architecture, naming: candidate.naming)
    if isBackboneOnly {
      architecture.head.classes = nil
      architecture.head.hiddenFeatures = nil
      if inference.hasOtherHead { architecture.head.norm = .none }
    }

    var assignment = Assignment(candidate: candidate, table: table, architecture: architecture)
    assignment.assign(inside.map { ($0, inputs[$0].info) })
    let counters = scope.filter { index in
      let info = inputs[index].info
      return info.shape.isEmpty && Self.counterTypes.contains(info.elementType)
        && !info.name.utf8.starts(with: path) && !Self.countsBatches(info.name)
    }
    // The classifier of a model that was built with no classes: the model has none.
    let empty = inside.filter { index in
      inputs[index].info.shape.contains(0) && candidate.isClassifier(inputs[index].info.name)
    }
    let repeated = assignment.repeated.map(\.inputIndex)
    let averages = averageBuffers(among: scope, of: wrapper)
    let known = assignment.usedInputs.union(counters).union(repeated).union(averages).union(empty)
    let extra = Set(scope).subtracting(known).subtracting(inOtherModels(beside: candidate)).filter {
      inputs[$0].info.name.utf8.starts(with: scopePath.utf8)
    }
    let modules = BackboneModules(of: assignment.matched, in: inputs, path: candidate.path)
    // The rest of a larger network is not asked for; what is within the backbone is part of it.
    let unused = extra.filter { !isBackboneOnly || modules.contains(inputs[$0].info.name) }
    return ModelMatch(
      candidate: candidate, architecture: architecture, tensors: assignment.matched,
      problems: assignment.problems(unused: unused.sorted().map { inputs[$0].info }),
      repeated: assignment.repeated,
      leftOut: inputs.indices.filter { index in
        !assignment.usedInputs.contains(index) && !repeated.contains(index)
          && !unused.contains(index)
      },
      counters: counters, averageBuffers: averages)
  }
}
