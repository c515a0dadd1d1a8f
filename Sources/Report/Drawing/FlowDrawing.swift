/// What flows through what, with the shape at each arrow: in a row for wide screens and paper, in a
/// column for phones.
struct FlowDrawing {
  /// A box, or a dot where something comes in or goes out.
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
  /// What stands at the arrow after each node but the last; empty where nothing changes.
  let shapes: [String]
  /// Whether an arc leads from the first node past the others to the last.
  var hasBypass = false

  /// Both drawings; the style sheet shows one of them.
  var markup: Markup {
    """
    <div class="drawing"><div class="row scroll">\(row)</div><div class="column">\(column)</div></div>
    """
  }

  private static let maximumTickCount = 64

  // MARK: In a row

  private var row: Markup {
    let tallest = nodes.map { Self.height($0) }.max() ?? 0
    let axis = tallest / 2 + (hasBypass ? 40 : 12)
    let bottom = axis + tallest / 2 + 20
    var x = 14.0
    var places: [(node: Node, left: Double, width: Double)] = []
    for (index, node) in nodes.enumerated() {
      let width = node.isDot ? 8 : 26 + 66 * node.channels
      // Captions below the boxes must not touch.
      let room = max(width, 7.6 * Double(([node.title] + node.notes).map(\.count).max() ?? 0))
      places.append((node, x + (room - width) / 2, width))
      x += room
      if index < shapes.count { x += shapes[index].isEmpty ? 18 : 88 }
    }
    let pieces = places.map { place -> Markup in
      let height = Self.height(place.node)
      let center = place.left + place.width / 2
      return """
        \(Self.box(place.node, place.left, axis - height / 2, place.width, height, ticksAcross: false))
        \(Self.caption(place.node, center, place.node.isDot ? axis + 22 : bottom, anchor: "middle"))
        """
    }
    let arrows = zip(zip(places, places.dropFirst()), shapes).map { pair, shape -> Markup in
      let start = pair.0.left + pair.0.width + 3
      let end = pair.1.left - 3
      let text: Markup =
        shape.isEmpty
        ? ""
        : "<text class=\"shape\" x=\"\((start + end) / 2)\" y=\"\(axis - 8)\" text-anchor=\"middle\">\(shape)</text>"
      return """
        <path class="arrow" d="M\(start) \(axis)H\(end - 5)"/>\
        <path class="head" d="M\(end) \(axis)l-6 -3v6z"/>\(text)
        """
    }
    var bypass: Markup = ""
    if hasBypass, let first = places.first, let last = places.last {
      let (start, end) = (first.left + 4, last.left + 4)
      bypass = """
        <path class="arrow" d="M\(start) \(axis - 6)V18q0 -8 8 -8H\(end - 8)q8 0 8 8V\(axis - 12)"/>\
        <path class="head" d="M\(end) \(axis - 6)l-3 -6h6z"/>
        """
    }
    return """
      <svg role="img" aria-label="\(label)" width="\(x + 14)" viewBox="0 0 \(x + 14) \(bottom + 34)">
      \(arrows)
      \(pieces)
      \(bypass)
      </svg>
      """
  }

  /// The height of a box in a row.
  private static func height(_ node: Node) -> Double { node.isDot ? 8 : 24 + 120 * node.side }

  // MARK: In a column

  private var column: Markup {
    let axis = 92.0
    var y = 10.0
    var places: [(node: Node, top: Double, height: Double)] = []
    for (index, node) in nodes.enumerated() {
      let height = node.isDot ? 8 : 24 + 30 * node.channels
      let room = max(height, node.isDot ? 16 : 15 * Double(1 + node.notes.count) + 4)
      places.append((node, y + (room - height) / 2, height))
      y += room
      if index < shapes.count { y += shapes[index].isEmpty ? 16 : 34 }
    }
    let pieces = places.map { place -> Markup in
      let width = place.node.isDot ? 8 : 28 + 122 * place.node.side
      let center = place.top + place.height / 2
      let baseline = center + 4 - 7.5 * Double(place.node.notes.count)
      return """
        \(Self.box(place.node, axis - width / 2, place.top, width, place.height, ticksAcross: true))
        \(Self.caption(place.node, place.node.isDot ? axis + 14 : 180, baseline, anchor: "start"))
        """
    }
    let arrows = zip(zip(places, places.dropFirst()), shapes).map { pair, shape -> Markup in
      let start = pair.0.top + pair.0.height + 3
      let end = pair.1.top - 3
      let text: Markup =
        shape.isEmpty
        ? ""
        : "<text class=\"shape\" x=\"\(axis + 10)\" y=\"\((start + end) / 2 + 4)\">\(shape)</text>"
      return """
        <path class="arrow" d="M\(axis) \(start)V\(end - 5)"/>\
        <path class="head" d="M\(axis) \(end)l-3 -6h6z"/>\(text)
        """
    }
    var bypass: Markup = ""
    if hasBypass, let first = places.first, let last = places.last {
      let (start, end) = (first.top + 4, last.top + 4)
      bypass = """
        <path class="arrow" d="M\(axis - 6) \(start)H12q-8 0 -8 8V\(end - 8)q0 8 8 8H\(axis - 12)"/>\
        <path class="head" d="M\(axis - 6) \(end)l-6 -3v6z"/>
        """
    }
    return """
      <svg role="img" aria-label="\(label)" viewBox="0 0 340 \(y + 10)">
      \(arrows)
      \(pieces)
      \(bypass)
      </svg>
      """
  }

  // MARK: Parts

  private static func box(
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

  private static func caption(
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
