public import TensorModel

/// What names alone say, for what a file holds in the place of tensors.
extension Candidate {
  /// Whether some model with these names has a tensor of a name at this place, or a module that the
  /// name is below: `head.fc._packed_params` is below `head.fc`.
  ///
  /// - Parameter isBackboneOnly: Whether a classifier counts as something else.
  func mayHave(_ name: TensorName, isBackboneOnly: Bool) -> Bool {
    guard name.utf8.starts(with: path.utf8) else { return false }
    let own = Array(name.utf8.dropFirst(path.utf8.count))
    let dots = own.indices.filter { own[$0] == UInt8(ascii: ".") } + [own.count]
    let modules = dots.prefix(Self.deepestModule).map { Array(own[..<$0]) + Self.weight }
    return ([own] + modules).contains { name in
      rows(for: name).contains { !(isBackboneOnly && $0.isOfClassifier) }
    }
  }

  /// Whether a name at this place is that of a classifier's weight or bias.
  func isClassifier(_ name: TensorName) -> Bool {
    rows(for: Array(name.utf8.dropFirst(path.utf8.count))).contains(where: \.isOfClassifier)
  }

  /// More components than a name in a table has.
  private static let deepestModule = 16
  private static let weight = Array(".weight".utf8)

  /// The lines of the naming's table that give a name, which is one without the path.
  private func rows(for name: [UInt8]) -> [NameTable.Row] {
    guard let table = NameTable.all.first(where: { $0.title == title }) else { return [] }
    let body = bodyPrefix.utf8
    let whole = DottedName(name)
    let plain = table.rows(thatMayMatch: whole).filter {
      (body.isEmpty || !$0.isInBody) && $0.theirs.match(whole) != nil
    }
    guard !body.isEmpty, name.starts(with: body) else { return plain }
    let inBody = DottedName(name.dropFirst(body.count))
    return plain
      + table.rows(thatMayMatch: inBody).filter { $0.isInBody && $0.theirs.match(inBody) != nil }
  }

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

extension NameTable.Row {
  /// Whether it names a part of the classifier.
  fileprivate var isOfClassifier: Bool {
    canonical.text.hasPrefix("head.classifier.") || canonical.text.hasPrefix("head.pre_logits.")
  }
}
