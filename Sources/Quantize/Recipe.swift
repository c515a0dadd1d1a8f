import ByteIO
public import ConvNeXtSchema
public import TensorModel

/// Which tensors are stored how.
///
/// The choice follows a tensor's role in the model, or its name; never its size.
public struct Recipe: Equatable, Sendable {
  /// What a rule speaks of.
  public enum Subject: Equatable, Sendable {
    /// All tensors of a role.
    case role(TensorRole)
    /// Tensors whose whole canonical name fits: `*` is any text, `?` one character.
    case names(NameGlob)
  }

  /// What becomes of some tensors.
  public struct Rule: Equatable, Sendable {
    /// The tensors.
    public let subject: Subject
    /// What they become: the first format that can be applied to a tensor's shape.
    public let formats: [WeightFormat]
    /// How the user wrote the subject.
    public let text: String

    /// Creates a rule from its parts.
    public init(_ subject: Subject, _ formats: [WeightFormat], text: String) {
      self.subject = subject
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
  /// The rules; of those that fit a tensor the last one holds.
  public let rules: [Rule]

  /// Creates a recipe from its parts.
  public init(name: String, rules: [Rule]) {
    self.name = name
    self.rules = rules
  }

  /// The same recipe with rules that come after its own.
  public func adding(_ more: [Rule]) -> Recipe { Recipe(name: name, rules: rules + more) }

  /// What a tensor becomes; what no rule speaks of is kept.
  ///
  /// Throws `QuantizeError.notApplicable` where none of the rule's formats fits the shape.
  public func format(of parameter: Parameter) throws(QuantizeError) -> WeightFormat {
    guard let rule = rules.last(where: { $0.covers(parameter) }) else { return .keep }
    if let format = rule.formats.first(where: { $0.applies(toShape: parameter.shape) }) {
      return format
    }
    throw .notApplicable(
      tensor: parameter.name, format: rule.formats.last ?? .keep, shape: parameter.shape)
  }

  /// Rules that speak of no tensor of a model, in the words that the user wrote.
  public func unusedNames(in architecture: Architecture) -> [String] {
    let parameters = architecture.parameters
    return rules.filter { rule in
      if case .names = rule.subject { !parameters.contains { rule.covers($0) } } else { false }
    }.map(\.text)
  }
}
