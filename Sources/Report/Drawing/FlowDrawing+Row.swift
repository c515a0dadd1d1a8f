extension FlowDrawing {
  /// From left to right: height is resolution, width is channels.
  var row: Markup {
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
}
