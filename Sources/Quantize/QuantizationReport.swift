import ByteIO
public import TensorModel

/// What a model's quantization costs, tensor by tensor.
public struct QuantizationReport: Equatable, Sendable {
  /// A tensor of the model.
  public struct Row: Equatable, Sendable {
    /// The canonical name.
    public let name: String
    /// Its role.
    public let role: TensorRole
    /// What it became.
    public let format: WeightFormat
    /// The element type that it had.
    public let sourceType: ElementType
    /// Its shape in the result.
    public let shape: [Int]
    /// The number of elements.
    public let elementCount: Int
    /// The bytes that it had.
    public let sourceByteCount: Int
    /// The bytes of its elements or codes, and of its scales.
    public let byteCount: Int
    /// What it costs; `nil` if the elements are unchanged.
    public let quality: TensorQuality?

    /// Creates a row from its parts.
    public init(
      name: String, role: TensorRole, format: WeightFormat, sourceType: ElementType, shape: [Int],
      elementCount: Int, sourceByteCount: Int, byteCount: Int, quality: TensorQuality?
    ) {
      self.name = name
      self.role = role
      self.format = format
      self.sourceType = sourceType
      self.shape = shape
      self.elementCount = elementCount
      self.sourceByteCount = sourceByteCount
      self.byteCount = byteCount
      self.quality = quality
    }
  }

  /// The recipe's name.
  public let recipe: String
  /// All tensors in canonical order.
  public let rows: [Row]

  /// Creates a report from its parts.
  public init(recipe: String, rows: [Row]) {
    self.recipe = recipe
    self.rows = rows
  }

  /// The rows that lost something, the smallest signal-to-noise ratio first.
  public var lossy: [Row] { worst.filter { ($0.quality?.noise ?? 0) > 0 } }

  /// The rows whose elements have another type, the smallest signal-to-noise ratio first.
  public var worst: [Row] {
    rows.filter { $0.quality != nil }.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element.quality?.sqnr ?? 0, right.element.quality?.sqnr ?? 0)
        return (a, left.offset) < (b, right.offset)
      }.map(\.element)
  }

  /// The signal-to-noise ratio, in decibels, of all tensors that lost something by becoming codes or
  /// 16-bit numbers; `nil` if none did.
  ///
  /// F64 that is rounded to F32 is left out: its noise is negligible next to its signal, so the same
  /// model would look better as F64 than as F32.
  public var sqnr: Double? {
    Self.sqnr(of: lossy.filter { $0.format != .float32 })
  }

  /// The signal-to-noise ratio of rows that lost something; `nil` where none did.
  private static func sqnr(of rows: [Row]) -> Double? {
    let qualities = rows.compactMap(\.quality)
    guard !qualities.isEmpty else { return nil }
    return signalToNoise(
      signal: qualities.reduce(0) { $0 + $1.signal }, noise: qualities.reduce(0) { $0 + $1.noise })
  }

  /// The smallest signal-to-noise ratio of a tensor; `nil` if none changed.
  public var smallestSQNR: Double? { worst.first?.quality?.sqnr }

  /// The bytes of all tensors before.
  public var sourceByteCount: Int { rows.saturatingSum { $0.sourceByteCount } }
  /// The bytes of all tensors after, including scales.
  public var byteCount: Int { rows.saturatingSum { $0.byteCount } }

  /// The tensors of one format.
  public struct FormatTotal: Equatable, Sendable {
    /// The format.
    public let format: WeightFormat
    /// How many tensors have it.
    public let tensorCount: Int
    /// How many elements these have.
    public let elementCount: Int
    /// How many bytes these take.
    public let byteCount: Int
    /// The ratio of signal and noise of those that lost something, infinite where none did, in
    /// decibels; `nil` where all are what they were.
    public let sqnr: Double?
    /// The smallest ratio of one of them; `nil` where all are what they were.
    public let smallestSQNR: Double?
  }

  /// The tensors of each format that occurs, in the formats' order.
  public var formats: [FormatTotal] {
    WeightFormat.allCases.compactMap { format in
      let part = QuantizationReport(recipe: recipe, rows: rows.filter { $0.format == format })
      if part.rows.isEmpty { return nil }
      return FormatTotal(
        format: format, tensorCount: part.rows.count,
        elementCount: part.rows.saturatingSum { $0.elementCount }, byteCount: part.byteCount,
        sqnr: part.smallestSQNR.map { _ in Self.sqnr(of: part.lossy) ?? .infinity },
        smallestSQNR: part.smallestSQNR)
    }
  }
}
