/// Counts numbers in intervals of equal width, with numpy's rules.
///
/// An interval includes its lower end; the last one includes both. If all numbers are equal, the
/// intervals go from half a unit below to half a unit above.
struct HistogramBins {
  static let count = 16

  private(set) var counts = [Int](repeating: 0, count: Self.count)
  private let edges: [Double]
  /// Numbers are halved if the range is too wide for a `Double`.
  private let scale: Double

  /// Creates bins for a range, whose ends must be finite.
  init(from minimum: Double, through maximum: Double) {
    var (low, high) = (minimum, maximum)
    if low == high {
      low -= 0.5
      high += 0.5
    }
    scale = (high - low).isFinite ? 1 : 0.5
    low *= scale
    high *= scale
    let step = (high - low) / Double(Self.count)
    edges = (0..<Self.count).map { low + Double($0) * step } + [high]
  }

  /// The edges between two intervals; `nil` if they are all the same, because the numbers are too
  /// large for half a unit to make a difference.
  var innerEdges: [Double]? {
    edges[0] < edges[Self.count] ? edges[1..<Self.count].map { $0 / scale } : nil
  }

  /// Adds numbers; those that are not finite are skipped.
  mutating func add(_ numbers: Span<Double>) {
    for index in numbers.indices where numbers[index].isFinite { add(numbers[index], count: 1) }
  }

  /// Adds a finite number that occurs `count` times.
  mutating func add(_ number: Double, count: Int) {
    counts[interval(of: number * scale)] += count
  }

  private func interval(of number: Double) -> Int {
    let low = edges[0]
    let width = edges[Self.count] - low
    // A constant that is too large for half a unit to make a difference.
    guard width > 0 else { return Self.count / 2 }
    // A number may be outside the range: a mapped file may change between two passes.
    let position = (number - low) / width * Double(Self.count)
    let nearest = Int(min(max(position, 0), Double(Self.count - 1)))
    // Rounding may have put a number on the wrong side of an edge.
    if number < edges[nearest] && nearest > 0 { return nearest - 1 }
    if nearest < Self.count - 1 && number >= edges[nearest + 1] { return nearest + 1 }
    return nearest
  }
}
