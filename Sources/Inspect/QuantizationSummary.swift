import ByteIO
public import TensorModel

/// Which of a file's tensors are quantized, and how.
public struct QuantizationSummary: Equatable, Sendable {
  /// The tensors of one scheme.
  public struct Scheme: Equatable, Sendable {
    /// The scheme.
    public let scheme: QuantizationScheme
    /// How many tensors have it.
    public let tensorCount: Int
    /// The number of codes in all of them.
    public let elementCount: Int
    /// The bytes of the codes.
    public let byteCount: Int
  }

  /// The schemes that occur, in their order.
  public let schemes: [Scheme]
  /// The number of tensors with scales.
  public let scaleTensorCount: Int
  /// The number of scales in all of them.
  public let scaleCount: Int
  /// The bytes of the scales.
  public let scaleByteCount: Int
  /// The element types that the weights had, the most frequent first.
  public let sourceTypes: [ElementType]

  /// Summarizes tensors; `nil` if there are none.
  public init?(_ tensors: [QuantizedTensor]) {
    guard !tensors.isEmpty else { return nil }
    schemes = QuantizationScheme.allCases.compactMap { scheme in
      let own = tensors.filter { $0.quantization.scheme == scheme }
      guard !own.isEmpty else { return nil }
      return Scheme(
        scheme: scheme, tensorCount: own.count,
        elementCount: own.saturatingSum { $0.codes.elementCount },
        byteCount: own.saturatingSum { $0.codes.byteCount })
    }
    scaleTensorCount = tensors.count
    scaleCount = tensors.saturatingSum { $0.scales.elementCount }
    scaleByteCount = tensors.saturatingSum { $0.scales.byteCount }
    let counts = Dictionary(grouping: tensors, by: \.quantization.sourceType).mapValues(\.count)
    sourceTypes = Quantization.sourceTypes.filter { counts[$0] != nil }
      .enumerated().sorted {
        (counts[$1.element] ?? 0, $0.offset) < (counts[$0.element] ?? 0, $1.offset)
      }.map(\.element)
  }
}
