import ByteIO
import Inspect

/// A histogram as an outline: small for a line of text, and large with labels at its ends.
struct HistogramDrawing {
  /// The outline for a line of text, which the large one reuses.
  let small: Markup
  /// The outline with labels at its ends, and in words for those who do not see it.
  let large: Markup

  /// What is shown if there is no histogram.
  static let none: Markup = "<svg class=\"spark\" aria-hidden=\"true\" viewBox=\"0 0 16 32\"></svg>"

  private static let height = 32.0

  /// - Parameter anchor: The tensor's name on the page.
  /// - Returns: `nil` if there is no finite element.
  init?(_ statistics: TensorStatistics, anchor: String) {
    guard let minimum = statistics.minimum, let maximum = statistics.maximum,
      !statistics.histogram.isEmpty
    else { return nil }
    let outline = Self.outline(statistics.histogram)
    small = """
      <svg class="spark" aria-hidden="true" viewBox="0 0 16 32" preserveAspectRatio="none">\
      <path id="\(anchor)h" d="\(outline)"/></svg>
      """
    // A constant is in the middle of intervals that extend half a unit to either side.
    let isConstant = minimum == maximum
    let (low, high) = isConstant ? (minimum - 0.5, maximum + 0.5) : (minimum, maximum)
    let counts = statistics.histogram.map { grouped($0) }.joined(separator: ", ")
    let words = "Histogram from \(readableFigure(low)) to \(readableFigure(high)): \(counts)"
    large = """
      <div class="histogram"><svg role="img" aria-label="\(words)" viewBox="0 0 16 32" \
      preserveAspectRatio="none">\(Self.zeroLine(low, high))<use href="#\(anchor)h"/></svg>\
      <p aria-hidden="true"><span>\(readableFigure(low))</span><span>\(readableFigure(high))</span></p></div>
      """
  }

  /// Steps from left to right, each a unit wide.
  private static func outline(_ counts: [Int]) -> Markup {
    let fullest = Double(max(1, counts.max() ?? 1))
    var path: Markup = "M0 \(height)"
    for count in counts {
      // An interval that is not empty is never shown as empty.
      let level = count == 0 ? 0 : max(1, height * Double(count) / fullest)
      path = "\(path)V\(height - level)h1"
    }
    return "\(path)V\(height)z"
  }

  /// Where zero is, if it is in the range.
  private static func zeroLine(_ low: Double, _ high: Double) -> Markup {
    guard low < 0, high > 0, (high - low).isFinite else { return "" }
    let place = -low / (high - low) * 16
    return "<path class=\"zero\" d=\"M\(place) 0V\(height)\"/>"
  }
}
