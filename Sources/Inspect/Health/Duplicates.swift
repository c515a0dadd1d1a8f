import ByteIO
import TensorModel

/// Tensors of a model that hold the same bytes without sharing memory.
///
/// Only tensors with equal statistics are read once more, so a healthy file costs nothing.
/// Constants do not count: biases of 0 are all the same.
struct Duplicates {
  /// One for each tensor with the bytes of an earlier one.
  private(set) var findings: [HealthFinding] = []

  /// What has to be equal before bytes are compared.
  private struct Key: Hashable {
    let elementType: ElementType
    let shape: [Int]
    let histogram: [Int]
    let figures: [Double?]
  }

  /// What has to be the same in both.
  private struct Content: Hashable {
    let elementType: ElementType
    let shape: [Int]
    let digest: SHA256Digest
  }

  init(_ subjects: [HealthSubject], _ statistics: [TensorStatistics?]) throws {
    var groups: [Key: [Int]] = [:]
    for (index, subject) in subjects.enumerated() where subject.isOfModel {
      guard subject.tensor.elementType.isFloatingPoint, let figures = statistics[index],
        let minimum = figures.minimum, let maximum = figures.maximum, minimum < maximum
      else { continue }
      let key = Key(
        elementType: subject.tensor.elementType, shape: subject.tensor.shape,
        histogram: figures.histogram,
        figures: [minimum, maximum, figures.mean, figures.standardDeviation])
      groups[key, default: []].append(index)
    }
    let suspects = groups.values.filter { $0.count > 1 }.flatMap(\.self).sorted()
    let digests = try concurrentMap(byteCounts: suspects.map { subjects[$0].storedByteCount }) {
      try subjects[suspects[$0]].tensor.digest()
    }
    var firstByContent: [Content: Int] = [:]
    for (index, digest) in zip(suspects, digests) {
      let tensor = subjects[index].tensor
      let content = Content(
        elementType: tensor.elementType, shape: tensor.shape, digest: digest)
      guard let first = firstByContent[content] else {
        firstByContent[content] = index
        continue
      }
      let original = subjects[first].tensor
      if tensor.sharesElements(with: original) { continue }
      findings.append(
        HealthFinding(
          .duplicate, .warning, tensor: tensor.name,
          evidence: "the same \(grouped(tensor.byteCount)) bytes as \(quoted(original.name.string))"
        ))
    }
  }
}

extension Tensor {
  /// Whether the elements are the very same memory, which means that the tensors are tied.
  fileprivate func sharesElements(with other: Tensor) -> Bool {
    storage === other.storage && layout.elementOffset == other.layout.elementOffset
  }
}
