import ByteIO
public import TensorModel

/// Whether two files hold the same tensors, and where they differ.
public struct ModelDiff: Sendable {
  /// The tensors that both files have, in the order of the first; those that are not a model's own
  /// come last.
  public let pairs: [Pair]
  /// Tensors that only the first file has, in its order.
  public let missing: [TensorInfo]
  /// Tensors that only the second file has, in its order.
  public let extra: [TensorInfo]
  /// Tensors that are among those of the first file's model without being part of it, and that have
  /// no counterpart of the same name in the second file; they are not compared.
  public let firstOther: [TensorInfo]
  /// The same for the second file.
  public let secondOther: [TensorInfo]
  /// Whether the tensors are those of a model, under canonical names.
  public let isModel: Bool
  /// The difference up to which two elements count as equal; `nil` if only rounding does.
  public let tolerance: Double?
  /// How the models differ in ways that their tensors do not show, in words; `nil` if they do not.
  public let modelDifference: String?

  /// A tensor of both files.
  public struct Pair: Equatable, Sendable {
    /// The tensor as the first file has it.
    public let first: TensorInfo
    /// The tensor as the second file has it.
    public let second: TensorInfo
    /// How their elements differ; `nil` if they do not have equally many.
    public let difference: TensorDifference?
    /// The result of the comparison.
    public let status: Status
    /// The ratio of signal and noise in decibels, where one tensor is the other, quantized or
    /// rounded: the signal is that other one. `nil` for other pairs; infinite where nothing was
    /// lost.
    public let signalToNoise: Double?

    /// The name that both have.
    public var name: TensorName { first.name }
  }

  /// That a file's tensor is the other file's, quantized.
  public struct Quantized: Equatable, Sendable {
    /// How it is quantized.
    public let scheme: QuantizationScheme
    /// Whether the first file has the codes.
    public let isFirst: Bool

    /// Creates it from its parts.
    public init(scheme: QuantizationScheme, isFirst: Bool) {
      self.scheme = scheme
      self.isFirst = isFirst
    }
  }

  /// What is said of a pair.
  public enum Status: Hashable, Sendable {
    case identical
    case withinRounding(of: ElementType)
    case withinTolerance
    /// One is what quantizing the other gives, code by code and scale by scale.
    case quantized(QuantizationScheme)
    case different
    /// The shapes differ, whatever the elements.
    case reshaped

    /// The status in words: `within F16 rounding`.
    public var name: String {
      switch self {
      case .identical: "identical"
      case .withinRounding(let type): "within \(type.name) rounding"
      case .withinTolerance: "within tolerance"
      case .quantized(let scheme): "quantized to \(scheme.rawValue)"
      case .different: "different"
      case .reshaped: "reshaped"
      }
    }

    /// Whether the tensors count as the same.
    public var isSame: Bool {
      switch self {
      case .identical, .withinRounding, .withinTolerance: true
      case .quantized, .different, .reshaped: false
      }
    }
  }

  /// Pairs tensors by name and compares them on all cores, in constant memory.
  ///
  /// - Parameters:
  ///   - first: The first file's tensors, each name once.
  ///   - second: The second file's tensors.
  ///   - isModel: Whether both are a model's tensors under canonical names.
  ///   - tolerance: The difference up to which two elements count as equal.
  ///   - modelDifference: How the models differ in ways that their tensors do not show.
  ///   - firstOther: Tensors that are among the first file's model without being part of it. They
  ///     are compared with those of the second file with the same names, and otherwise only
  ///     mentioned.
  ///   - secondOther: The same for the second file.
  ///   - quantization: For a name, the scheme by which one file's tensor is the other's, quantized;
  ///     `nil` if it is not. Called for tensors that would otherwise be different.
  /// - Throws: What the storages throw.
  public init(
    _ first: [Tensor], _ second: [Tensor], isModel: Bool, tolerance: Double? = nil,
    modelDifference: String? = nil, firstOther: [Tensor] = [], secondOther: [Tensor] = [],
    quantization: @Sendable (TensorName) throws -> Quantized? = { _ in nil }
  ) throws {
    self.isModel = isModel
    self.tolerance = tolerance
    self.modelDifference = modelDifference
    let own = Common(first, second)
    let other = Common(firstOther, secondOther)
    missing = own.onlyFirst
    extra = own.onlySecond
    self.firstOther = other.onlyFirst
    self.secondOther = other.onlySecond
    let common = own.pairs + other.pairs
    pairs = try concurrentMap(
      byteCounts: common.map { [$0.first, $0.second].saturatingSum(of: \.byteCount) }
    ) { index in
      try Pair(common[index].first, common[index].second, tolerance: tolerance) { name in
        // A name outside the model may be one of the model's, too.
        index < own.pairs.count ? try quantization(name) : nil
      }
    }
  }

  /// Tensors by the names that both files have.
  private struct Common {
    let pairs: [(first: Tensor, second: Tensor)]
    let onlyFirst: [TensorInfo]
    let onlySecond: [TensorInfo]

    init(_ first: [Tensor], _ second: [Tensor]) {
      let secondByName = Dictionary(second.map { ($0.name, $0) }) { first, _ in first }
      let firstNames = Set(first.map(\.name))
      pairs = first.compactMap { tensor in secondByName[tensor.name].map { (tensor, $0) } }
      onlyFirst = first.filter { secondByName[$0.name] == nil }.map(\.info)
      onlySecond = second.filter { !firstNames.contains($0.name) }.map(\.info)
    }
  }

  /// Whether both files have the same tensors, all of them count as equal, and no other difference
  /// between the models is known.
  public var isSame: Bool {
    modelDifference == nil && missing.isEmpty && extra.isEmpty && pairs.allSatisfy(\.status.isSame)
  }

  /// The pairs that are not identical, those that are not the same first, then by distance, the
  /// largest first.
  public var worst: [Pair] {
    func rank(_ pair: Pair) -> (Int, Double) {
      let distance = pair.difference?.maximumDifference ?? .infinity
      return (pair.status.isSame ? 1 : 0, -distance)
    }
    return pairs.filter { $0.status != .identical }.map { (rank: rank($0), pair: $0) }
      .sorted { $0.rank < $1.rank }.map(\.pair)
  }

  /// The result in a line: `same model, identical`.
  public var verdict: String { verdict { readableFigure($0) } }

  /// The same with all digits of every number.
  public var exactVerdict: String { verdict { "\($0)" } }

  private func verdict(_ figure: (Double) -> String) -> String {
    let otherCount = firstOther.count + secondOther.count
    let rest = "\(counted(otherCount, "tensor")) beside it \(otherCount == 1 ? "was" : "were")"
    return comparedVerdict(figure) + (otherCount == 0 ? "" : "; \(rest) not compared")
  }

  /// The result for the tensors that were compared.
  private func comparedVerdict(_ figure: (Double) -> String) -> String {
    let subject = isModel ? "same model" : "same tensors"
    if let quantized = quantizedVerdict(figure) { return "\(subject), quantized: \(quantized)" }
    guard isSame else { return "different: \(faults.joined(separator: ", "))" }
    if pairs.contains(where: { $0.status == .withinTolerance }), let tolerance {
      return "\(subject), equal within \(tolerance)"
    }
    let roundings = ElementType.allCases.filter { type in
      pairs.contains { $0.status == .withinRounding(of: type) }
    }
    if roundings.isEmpty { return "\(subject), identical" }
    let names = roundings.map(\.name).joined(separator: " and ")
    return roundings.allSatisfy(\.isFloatingPoint)
      ? "\(subject), equal within \(names) rounding" : "\(subject), equal as \(names)"
  }

  /// How far apart two files are if one is the other, quantized; `nil` otherwise.
  private func quantizedVerdict(_ figure: (Double) -> String) -> String? {
    let quantized = pairs.filter { if case .quantized = $0.status { true } else { false } }
    guard modelDifference == nil, !quantized.isEmpty, missing.isEmpty, extra.isEmpty,
      pairs.count(where: { $0.status.isSame }) + quantized.count == pairs.count
    else { return nil }
    let distance = quantized.compactMap(\.difference?.maximumDifference).max() ?? 0
    let sqnr = quantized.compactMap(\.signalToNoise).min() ?? .infinity
    return
      "\(quantized.count) of \(pairs.count) tensors, elements at most \(figure(distance)) apart, "
      + "signal to noise at least \(fixedPoint(sqnr, decimals: 2)) dB"
  }

  /// What keeps the files from being the same, with counts.
  private var faults: [String] {
    let different = pairs.count { $0.status == .different }
    let quantized = pairs.count { if case .quantized = $0.status { true } else { false } }
    let reshaped = pairs.count { $0.status == .reshaped }
    let tensors = pairs.count == 1 ? "tensor" : "tensors"
    let parts: [(count: Int, text: String)] = [
      (
        different,
        "\(different) of \(pairs.count) \(tensors) \(different == 1 ? "differs" : "differ")"
      ),
      (quantized, "\(quantized) quantized"),
      (reshaped, "\(reshaped) of another shape"),
      (missing.count, "\(missing.count) missing"),
      (extra.count, "\(extra.count) extra"),
    ]
    return parts.filter { $0.count > 0 }.map(\.text) + (modelDifference.map { [$0] } ?? [])
  }
}

extension ModelDiff.Pair {
  fileprivate init(
    _ first: Tensor, _ second: Tensor, tolerance: Double?,
    quantization: (TensorName) throws -> ModelDiff.Quantized?
  ) throws {
    self.first = first.info
    self.second = second.info
    difference =
      first.elementCount == second.elementCount ? try TensorDifference(first, second) : nil
    guard first.shape == second.shape, let difference else {
      status = .reshaped
      signalToNoise = nil
      return
    }
    /// Whether the first tensor is the one that lost something; `nil`: neither is known to have.
    var firstIsLossy: Bool?
    switch difference.likeness {
    case .identical: status = .identical
    case .withinRounding(let type):
      status = .withinRounding(of: type)
      firstIsLossy = first.elementType == type
    case .different:
      if let tolerance, let distance = difference.maximumDifference, distance <= tolerance {
        status = .withinTolerance
      } else if let quantized = try quantization(first.name) {
        status = .quantized(quantized.scheme)
        firstIsLossy = quantized.isFirst
      } else {
        status = .different
      }
    }
    let relativeL2 = firstIsLossy.flatMap {
      $0 ? difference.relativeL2ToSecond : difference.relativeL2
    }
    signalToNoise = relativeL2.map { TensorModel.signalToNoise(signal: 1, noise: $0 * $0) }
  }
}
