import ByteIO
import ConvNeXtSchema
public import Inspect
import NativeFormat
import TensorModel

extension Inspection {
  /// Examines the numbers of all tensors in the file; each is read at least twice. Quantized
  /// tensors are examined as the numbers that their codes represent: what is wrong with a model is
  /// still wrong after quantization.
  ///
  /// Throws what the storages throw.
  public func health() throws -> ModelHealth {
    var parameters: [Int: Parameter] = [:]
    for matched in match?.tensors ?? [] { parameters[matched.inputIndex] = matched.parameter }
    let subjects = try checkpoint.tensors.enumerated().map { index, tensor in
      let quantized = checkpoint.quantizedTensors[tensor.name]
      return HealthSubject(
        try quantized?.dequantized ?? tensor,
        parameters[index].map { .model($0) } ?? (match == nil ? .unknownModel : .besideModel),
        storedByteCount: quantized?.byteCount)
    }
    var health = try ModelHealth(of: subjects)
    health.add(try averagedEqualsRaw(health.statistics) + headLabels)
    return health
  }

  /// How many averages and how many models are compared; each is matched again.
  private static let comparedModelCount = 8

  /// Places whose averaged weights are, tensor for tensor, the raw ones of another place.
  private func averagedEqualsRaw(_ statistics: [TensorStatistics?]) throws -> [HealthFinding] {
    let matcher = checkpoint.matcher()
    let averages = candidates.filter(\.isAveraged).prefix(Self.comparedModelCount)
    let raws = candidates.filter { !$0.isAveraged }.prefix(Self.comparedModelCount)
    return try averages.flatMap { averaged -> [HealthFinding] in
      let alike = raws.filter {
        $0.tensorCount == averaged.tensorCount && $0.byteCount == averaged.byteCount
      }
      guard !alike.isEmpty else { return [] }
      let left = try matcher.match(key: averaged.key).tensors
      return try alike.compactMap { candidate in
        let right = try matcher.match(key: candidate.key).tensors
        guard try areEqual(left, right, statistics) else { return nil }
        return HealthFinding(
          .averagedEqualsRaw, .note,
          evidence:
            "all \(left.count) tensors of \(quoted(averaged.key)) have the bytes of those of "
            + quoted(candidate.key))
      }
    }
  }

  /// Whether two models have the same bytes; they are read again only if all statistics agree.
  private func areEqual(
    _ left: [MatchedTensor], _ right: [MatchedTensor], _ statistics: [TensorStatistics?]
  ) throws -> Bool {
    guard !left.isEmpty, left.count == right.count,
      zip(left, right).allSatisfy({ first, second in
        first.parameter.name == second.parameter.name
          && statistics[first.inputIndex] == statistics[second.inputIndex]
      })
    else { return false }
    let pairs = Array(zip(left, right))
    return try concurrentMap(
      byteCounts: pairs.map { checkpoint.tensors[$0.0.inputIndex].byteCount }
    ) { index in
      let (first, second) = pairs[index]
      let tensors = [first, second].map { checkpoint.tensors[$0.inputIndex] }
      return try tensors[0].elementType == tensors[1].elementType
        && tensors[0].digest() == tensors[1].digest()
    }.allSatisfy { $0 }
  }

  /// Whether the classifier has one output for each known label.
  private var headLabels: [HealthFinding] {
    guard let architecture = match?.architecture else { return [] }
    let classes = architecture.head.classes
    var evidence: String?
    if let (place, count) = checkpoint.statedLabels {
      if let classes {
        evidence = checkpoint.labelDisagreement(classes: classes)
      } else if checkpoint.folder?.isForClassification == true || checkpoint.native != nil {
        evidence = "\(place) names \(grouped(count)) labels, and there is no classifier"
      }
    }
    return evidence.map { [HealthFinding(.headLabels, .warning, evidence: $0)] } ?? []
  }
}
