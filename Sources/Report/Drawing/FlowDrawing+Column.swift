extension FlowDrawing {
  /// From top to bottom: width is resolution, height is channels.
  var column: Markup {
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
}
