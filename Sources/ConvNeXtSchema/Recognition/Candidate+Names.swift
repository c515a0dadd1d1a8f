public import TensorModel

/// What names alone say, for what a file holds in the place of tensors.
extension Candidate {
  /// Whether some model with these names has a tensor of a name at this place, or a module that the
  /// name is below: `head.fc._packed_params` is below `head.fc`.
  ///
  /// - Parameter isBackboneOnly: Whether a classifier counts as something else.
  func mayHave(_ name: TensorName, isBackboneOnly: Bool) -> Bool {
    guard let table = NameTable.all.first(where: { $0.title == title }),
      name.utf8.starts(with: path.utf8)
    else { return false }
    let own = Array(name.utf8.dropFirst(path.utf8.count))
    if has(own, in: table, isBackboneOnly) { return true }
    let dots = own.indices.filter { own[$0] == UInt8(ascii: ".") } + [own.count]
    return dots.prefix(Self.deepestModule).contains { end in
      has(own[..<end] + Self.weight, in: table, isBackboneOnly)
    }
  }

  /// More components than a name in a table has.
  private static let deepestModule = 16
  private static let weight = Array(".weight".utf8)

  private func has(
    _ name: some Collection<UInt8>, in table: NameTable, _ isBackboneOnly: Bool
  ) -> Bool {
    let body = bodyPrefix.utf8
    let isInBody = name.starts(with: body)
    let whole = DottedName(name)
    let inBody = isInBody ? DottedName(name.dropFirst(body.count)) : whole
    func matches(_ row: NameTable.Row) -> Bool {
      if isBackboneOnly, Self.classifierTemplates.contains(where: row.canonical.text.hasPrefix) {
        return false
      }
      return row.isInBody
        ? isInBody && row.theirs.match(inBody) != nil : row.theirs.match(whole) != nil
    }
    return table.rows(thatMayMatch: whole).contains(where: matches)
      || isInBody && table.rows(thatMayMatch: inBody).contains(where: matches)
  }

  private static let classifierTemplates = ["head.classifier.", "head.pre_logits."]

  /// Whether a name is that of a depthwise convolution's weights, by which a model is found, in any
  /// naming and at any place.
  public static func isDepthwise(_ name: TensorName) -> Bool {
    let name = DottedName(name.utf8)
    return NameTable.all.compactMap(\.depthwise).contains { pattern in
      pattern.componentCount <= name.componentCount
        && pattern.match(name, from: name.componentCount - pattern.componentCount) != nil
    }
  }
}
