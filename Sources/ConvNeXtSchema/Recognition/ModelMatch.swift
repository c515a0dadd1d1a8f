public import TensorModel

/// A file's tensors matched against the model that they form.
public struct ModelMatch: Sendable {
  /// The place in the file.
  public let candidate: Candidate
  /// What model it is.
  public private(set) var architecture: Architecture
  /// The model's tensors in canonical order, without missing ones.
  public let tensors: [MatchedTensor]
  /// What does not fit, in canonical order, then in file order.
  public private(set) var problems: [MatchProblem]
  /// Tensors that the file has again under a second name of the model, in canonical order.
  public private(set) var repeated: [RepeatedTensor]
  /// Tensors of the file that belong to something else, by index: another part of the network in
  /// the same dictionary, or another dictionary.
  public let leftOut: [Int]
  /// Those of `leftOut` that count steps of an average next to the model's prefix, by index:
  /// `n_averaged` of `torch.optim.swa_utils.AveragedModel`, `steps` of mmengine's averages.
  public let counters: [Int]
  /// Those of `leftOut` that mmcv's averaging keeps next to the model, by index: buffers called
  /// `ema_` and a tensor's name with underscores for its dots (`mmcv/runner/hooks/ema.py`).
  public let averageBuffers: [Int]
  /// Tensors of the file that are second names of the model's own: the same elements of the same
  /// memory.
  public private(set) var aliases: [TensorName] = []

  init(
    candidate: Candidate, architecture: Architecture, tensors: [MatchedTensor],
    problems: [MatchProblem], repeated: [RepeatedTensor], leftOut: [Int], counters: [Int],
    averageBuffers: [Int]
  ) {
    self.candidate = candidate
    self.architecture = architecture
    self.tensors = tensors
    self.problems = problems
    self.repeated = repeated
    self.leftOut = leftOut
    self.counters = counters
    self.averageBuffers = averageBuffers
    if !repeated.isEmpty { self.architecture.head.isNormRepeated = true }
  }

  /// The match in which a tensor under a second name is extra if it differs from the one under the
  /// first name.
  ///
  /// Throws what `isSame` throws.
  ///
  /// - Parameter isSame: Whether the elements under both names are the same.
  public func checkingRepeated(
    _ isSame: (RepeatedTensor) throws -> Bool
  ) rethrows -> ModelMatch {
    var match = self
    match.repeated = []
    for tensor in repeated {
      if try isSame(tensor) {
        match.repeated.append(tensor)
      } else {
        match.problems.append(
          .extra(name: tensor.info.name, shape: tensor.info.shape, nearest: nil))
      }
    }
    if match.repeated.count < repeated.count { match.architecture.head.isNormRepeated = false }
    return match
  }

  /// The match in which second names of the model's own tensors are not extra.
  ///
  /// - Parameter find: Which of the extra tensors are.
  public func settingAside(aliases find: ([TensorName]) -> Set<TensorName>) -> ModelMatch {
    let extra = extraNames
    guard !extra.isEmpty else { return self }
    let found = find(extra)
    var match = self
    match.aliases = extra.filter(found.contains)
    match.problems.removeAll {
      if case .extra(let name, _, _) = $0 { found.contains(name) } else { false }
    }
    return match
  }

  /// The match in which what cannot be read under the model's names is a problem: the description
  /// of the model was inferred without it.
  ///
  /// - Parameters:
  ///   - tensors: What the file has besides tensors that can be read, with what it is.
  ///   - isBackboneOnly: Whether only the backbone was matched.
  public func noting(
    unreadable tensors: [(name: TensorName, description: String)], isBackboneOnly: Bool
  ) -> ModelMatch {
    let own = tensors.filter { candidate.mayHave($0.name, isBackboneOnly: isBackboneOnly) }
    guard !own.isEmpty else { return self }
    let names = Set(own.map(\.name))
    var match = self
    match.problems.removeAll {
      if case .missing(let name, _, _, _) = $0 { names.contains(name) } else { false }
    }
    match.problems += own.map { .unreadable(name: $0.name, description: $0.description) }
    return match
  }

  /// Whether the file has every tensor of the model, in its shape, and no other at its place.
  public var isComplete: Bool { problems.isEmpty }

  /// The tensors that are not the model's but are within its backbone, where they change what it
  /// computes: weights of an adapter, an activation with weights. The names are without the path to
  /// the model; linear in the number of tensors.
  ///
  /// - Parameter inputs: The tensors that were matched.
  public func extraNamesWithinBackbone(of inputs: [SchemaInput]) -> [TensorName] {
    let extra = extraNames
    return extra.isEmpty
      ? [] : BackboneModules(of: tensors, in: inputs, path: candidate.path).ownNames(of: extra)
  }

  /// The tensors that are among the model's own but are not part of it, by the files' names.
  public var extraNames: [TensorName] {
    problems.compactMap { if case .extra(let name, _, _) = $0 { name } else { nil } }
  }

  /// The canonical names of the tensors that are missing, in canonical order.
  public var missingParameters: [String] {
    problems.compactMap { problem in
      if case .missing(_, let canonicalName, _, _) = problem { canonicalName } else { nil }
    }
  }
}

/// A tensor of the file and the parameter that it is.
public struct MatchedTensor: Sendable {
  /// The parameter.
  public let parameter: Parameter
  /// The tensor's index in the input.
  public let inputIndex: Int
  /// Whether its shape differs from the canonical one by unit dimensions.
  public let isReshaped: Bool
  /// Whether its name has a torch wrapper in the middle, which was left out: `_orig_mod`.
  public let isWrapped: Bool
  /// The line of the naming's table that was used: `stages.{i}.{j}.gamma`.
  public let rule: String
  /// Whether that is a name that occurs in files but is never written: one that old versions of
  /// transformers gave.
  public let isAlias: Bool
}

/// A tensor that a model registers under two names.
public struct RepeatedTensor: Sendable {
  /// The tensor under its second name.
  public let info: TensorInfo
  /// Its index in the input.
  public let inputIndex: Int
  /// The index of the tensor under its first name.
  public let originalIndex: Int
}
