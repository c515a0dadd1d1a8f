public import TensorModel

/// The names and shapes under which a publisher would store a model.
public struct NameExport: Sendable {
  /// A parameter under the publisher's name.
  public struct Entry: Equatable, Sendable {
    /// The parameter.
    public let parameter: Parameter
    /// The publisher's name for it.
    public let name: TensorName
    /// The publisher's shape, which differs from the canonical one by unit dimensions at most.
    public let shape: [Int]
    /// The line of the naming's table that was used.
    public let rule: String
  }

  /// The entries in canonical order; a parameter that the model registers twice has two.
  public let entries: [Entry]

  /// Names every parameter of a model.
  ///
  /// Throws `SchemaError.notExpressible` if the publisher has no name for a part, such as a global
  /// response norm in torchvision; `SchemaError.featureNotExpressible` or
  /// `SchemaError.featureMissing` if there are names but the publisher's code has no such model.
  ///
  /// - Parameter isOwnCode: Whether the weights came with these names, so that the publisher's
  ///   code, though it may have been changed, built the model.
  public init(
    _ architecture: Architecture, naming: Naming, isOwnCode: Bool = false
  ) throws(SchemaError) {
    let table = NameTable.forWriting(naming, architecture)
    let bodyPrefix = Self.bodyPrefix(naming, architecture)
    var entries: [Entry] = []
    for parameter in architecture.parameters {
      guard let row = table.row(for: parameter, in: architecture),
        row.theirs.isComplete(parameter.indices)
      else { throw .notExpressible(naming: naming, canonicalName: parameter.name) }
      var rows = [row]
      if architecture.head.isNormRepeated, let second = table.repeatedRow(for: parameter) {
        rows.append(second)
      }
      entries += rows.map { row in
        Entry(
          parameter: parameter,
          name: TensorName(
            (row.isInBody ? bodyPrefix : "") + row.theirs.name(parameter.indices)),
          shape: table.shape(of: parameter, row),
          rule: (row.isInBody ? bodyPrefix : "") + row.theirs.text)
      }
    }
    try architecture.requireBuildable(by: naming, isOwnCode: isOwnCode)
    self.entries = entries
  }

  /// In transformers, only models with a classifier have a body with its own name.
  private static func bodyPrefix(_ naming: Naming, _ architecture: Architecture) -> String {
    switch naming {
    case .huggingface where architecture.head.classes != nil:
      architecture.version == 2 ? "convnextv2." : "convnext."
    case .torchvision: "features."
    case .openmmlab: "backbone."
    default: ""
    }
  }
}
