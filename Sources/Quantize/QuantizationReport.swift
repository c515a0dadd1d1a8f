import ByteIO
public import TensorModel

/// What a model's quantization costs, tensor by tensor.
public struct QuantizationReport: Equatable, Sendable {
  /// A tensor of the model.
  public struct Row: Equatable, Sendable {
    /// The canonical name.
    public let name: String
    /// The part that it plays.
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
    /// What it costs; `nil` where the elements are what they were.
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

  /// The rows with a cost, the smallest ratio of signal and noise first.
  public var worst: [Row] {
    rows.filter { $0.quality != nil }.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element.quality?.sqnr ?? 0, right.element.quality?.sqnr ?? 0)
        return (a, left.offset) < (b, right.offset)
      }.map(\.element)
  }

  /// The ratio of signal and noise of all tensors that changed, in decibels; `nil` where none did.
  public var sqnr: Double? {
    let qualities = rows.compactMap(\.quality)
    guard !qualities.isEmpty else { return nil }
    return signalToNoise(
      signal: qualities.reduce(0) { $0 + $1.signal }, noise: qualities.reduce(0) { $0 + $1.noise })
  }

  /// The smallest ratio of signal and noise of a tensor; `nil` where none changed.
  public var smallestSQNR: Double? { worst.first?.quality?.sqnr }

  /// The bytes of all tensors before.
  public var sourceByteCount: Int { rows.saturatingSum { $0.sourceByteCount } }
  /// The bytes of all tensors after, scales among them.
  public var byteCount: Int { rows.saturatingSum { $0.byteCount } }

  /// How many tensors and elements there are of each format, in the formats' order.
  public var formats: [(format: WeightFormat, tensorCount: Int, elementCount: Int)] {
    WeightFormat.allCases.compactMap { format in
      let rows = rows.filter { $0.format == format }
      return rows.isEmpty
        ? nil : (format, rows.count, rows.saturatingSum { $0.elementCount })
    }
  }
}
