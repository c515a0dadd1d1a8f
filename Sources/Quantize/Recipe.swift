public import ConvNeXtSchema
public import TensorModel

/// How each tensor is stored.
///
/// This depends on a tensor's role in the model, or its name; never on its size.
public struct Recipe: Equatable, Sendable {
  /// What a rule applies to.
  public enum Subject: Equatable, Sendable {
    /// All tensors of a role.
    case role(TensorRole)
    /// Tensors whose whole canonical name matches: `*` is any text, `?` one character.
    case names(NameGlob)

    /// A role by its name; any other text is a pattern of names.
    public init(_ text: String) {
      self = TensorRole(rawValue: text).map { .role($0) } ?? .names(NameGlob(text))
    }
  }

  /// How some tensors are stored.
  public struct Rule: Equatable, Sendable {
    /// The tensors.
    public let subject: Subject
    /// Their format: the first one that can be applied to a tensor's shape.
    public let formats: [WeightFormat]
    /// The subject as the user wrote it.
    public let text: String

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - text: The name of a role, or else a pattern of names.
    ///   - formats: The formats, of which the first that fits a tensor's shape applies.
    public init(_ text: String, _ formats: [WeightFormat]) {
      subject = Subject(text)
      self.formats = formats
      self.text = text
    }

    func covers(_ parameter: Parameter) -> Bool {
      switch subject {
      case .role(let role): role == TensorRole(parameter)
      case .names(let glob): glob.matches(TensorName(parameter.name))
      }
    }
  }

  /// The recipe's name: that of a built-in one, or of its file.
  public let name: String
  /// The rules; of those that match a tensor, the last one applies.
  public let rules: [Rule]

  /// Creates a recipe from its parts.
  public init(name: String, rules: [Rule]) {
    self.name = name
    self.rules = rules
  }

  /// The same recipe with rules added after its own.
  public func adding(_ more: [Rule]) -> Recipe { Recipe(name: name, rules: rules + more) }

  /// How a tensor is stored; one that no rule matches is kept.
  ///
  /// Throws `QuantizeError.notApplicable` if none of the rule's formats fits the shape.
  public func format(of parameter: Parameter) throws(QuantizeError) -> WeightFormat {
    guard let rule = rules.last(where: { $0.covers(parameter) }) else { return .keep }
    if let format = rule.formats.first(where: { $0.applies(toShape: parameter.shape) }) {
      return format
    }
    throw .notApplicable(
      tensor: parameter.name, format: rule.formats.last ?? .keep, shape: parameter.shape)
  }

  /// Name patterns that match no tensor of a model, as the user wrote them.
  public func unusedNames(in architecture: Architecture) -> [String] {
    let parameters = architecture.parameters
    return rules.filter { rule in
      if case .names = rule.subject { !parameters.contains { rule.covers($0) } } else { false }
    }.map(\.text)
  }
}
