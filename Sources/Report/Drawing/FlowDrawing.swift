/// What flows through what, with the shape at each arrow: in a row for wide screens and paper, in a
/// column for phones.
struct FlowDrawing {
  /// A box, or a dot for an input or output.
  struct Node {
    let title: String
    var notes: [String] = []
    /// Height and width of the feature map, relative to the largest: 0 to 1.
    var side = 0.0
    /// Channels, relative to the most: 0 to 1.
    var channels = 0.0
    /// Lines inside the box, one for each block.
    var tickCount = 0
    var isDot = false
  }

  /// What the drawing shows, in words.
  let label: String
  let nodes: [Node]
  /// The text at the arrow after each node but the last; empty where nothing changes.
  let shapes: [String]
  /// Whether an arc leads from the first node past the others to the last.
  var hasBypass = false

  /// Both drawings; the style sheet shows one of them.
  var markup: Markup {
    """
    <div class="drawing"><div class="row">\(row)</div><div class="column">\(column)</div></div>
    """
  }

  private static let maximumTickCount = 64

  static func box(
    _ node: Node, _ x: Double, _ y: Double, _ width: Double, _ height: Double, ticksAcross: Bool
  ) -> Markup {
    if node.isDot { return "<circle class=\"dot\" cx=\"\(x + 4)\" cy=\"\(y + 4)\" r=\"4\"/>" }
    let count = node.tickCount <= maximumTickCount ? node.tickCount : 0
    let ticks = (0..<count).map { index -> Markup in
      let part = (Double(index) + 0.5) / Double(count)
      return ticksAcross
        ? "M\(x + part * width) \(y + 5)v\(height - 10)"
        : "M\(x + part * width) \(y + 6)v\(height - 12)"
    }
    return """
      <rect class="box" x="\(x)" y="\(y)" width="\(width)" height="\(height)" rx="2"/>\
      \(count > 0 ? "<path class=\"tick\" d=\"\(ticks)\"/>" : "" as Markup)
      """
  }

  static func caption(
    _ node: Node, _ x: Double, _ y: Double, anchor: String
  ) -> Markup {
    let notes = node.notes.enumerated().map { index, note -> Markup in
      "<text class=\"note\" x=\"\(x)\" y=\"\(y + 15 * Double(index + 1))\" text-anchor=\"\(anchor)\">\(note)</text>"
    }
    return """
      <text class="title" x="\(x)" y="\(y)" text-anchor="\(anchor)">\(node.title)</text>\(notes)
      """
  }
}
