/// A dotted name with places for stage and block: `features.{2i+1}.{j}.block.0.weight`.
///
/// A component holds at most one place, written `{i}`, `{j}`, `{2i}`, `{2i+1}` or `{i+1}`.
struct NamePattern: Equatable, Sendable {
  /// Stage and block numbers, where a name has them.
  struct Indices: Hashable, Sendable {
    var stage: Int?
    var block: Int?
  }

  private enum Component: Equatable, Sendable {
    case literal(String)
    case place(before: String, Variable, factor: Int, offset: Int)
  }

  private enum Variable: Sendable {
    case stage, block

    func value(in indices: Indices) -> Int? { self == .stage ? indices.stage : indices.block }
  }

  /// The pattern as it is written.
  let text: String
  private let components: [Component]

  // Every run reads some hundred patterns, which goes by bytes: by characters it would take longer
  // than everything else that is done with a small file.
  init(_ text: String) {
    self.text = text
    components = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .map { Self.component($0) }
  }

  private static func component(_ text: Substring.UTF8View) -> Component {
    let literal = Component.literal(String(Substring(text)))
    guard text.last == UInt8(ascii: "}"), let open = text.firstIndex(of: UInt8(ascii: "{")) else {
      return literal
    }
    let expression = text[text.index(after: open)...].dropLast()
    guard
      let place = expression.firstIndex(where: {
        $0 == UInt8(ascii: "i") || $0 == UInt8(ascii: "j")
      })
    else { return literal }
    let offset = expression[place...].dropFirst().drop { $0 == UInt8(ascii: "+") }
    return .place(
      before: String(Substring(text[..<open])),
      expression[place] == UInt8(ascii: "i") ? .stage : .block,
      factor: Int(Substring(expression[..<place])) ?? 1, offset: Int(Substring(offset)) ?? 0)
  }

  /// How many components a name needs for the pattern.
  var componentCount: Int { components.count }

  /// The last component, which tells most names apart.
  var lastComponent: String {
    if case .literal(let text)? = components.last { text } else { "" }
  }

  /// Whether one of the components is a literal for which `condition` holds.
  func hasLiteral(where condition: (String) -> Bool) -> Bool {
    components.contains { if case .literal(let text) = $0 { condition(text) } else { false } }
  }

  /// Whether there is a number for every place.
  func isComplete(_ indices: Indices) -> Bool {
    components.allSatisfy { component in
      guard case .place(_, let variable, _, _) = component else { return true }
      return variable.value(in: indices) != nil
    }
  }

  /// The name for a stage and a block; places without a number are written `{?}`.
  func name(_ indices: Indices) -> String {
    var name = ""
    for (position, component) in components.enumerated() {
      if position > 0 { name += "." }
      switch component {
      case .literal(let text): name += text
      case .place(let before, let variable, let factor, let offset):
        name += before
        name += variable.value(in: indices).map { String(factor * $0 + offset) } ?? "{?}"
      }
    }
    return name
  }

  /// A name's components, as `match` takes them.
  static func components(of name: Substring) -> [Substring] {
    name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .map { Substring($0) }
  }

  /// The stage and block with which the pattern gives exactly these components; `nil`: none.
  ///
  /// Numbers are plain decimals without leading zeros, as the publishers write them.
  func match(_ name: ArraySlice<Substring>) -> Indices? {
    guard name.count == components.count else { return nil }
    var indices = Indices()
    // From the back: the last components tell most names apart.
    var position = components.count
    while position > 0 {
      position -= 1
      let part = name[name.startIndex + position]
      switch components[position] {
      case .literal(let text):
        guard part.utf8.count == text.utf8.count, part.utf8.elementsEqual(text.utf8) else {
          return nil
        }
      case .place(let before, let variable, let factor, let offset):
        guard part.utf8.starts(with: before.utf8),
          let number = Self.number(part.utf8.dropFirst(before.utf8.count)),
          number >= offset, (number - offset) % factor == 0
        else { return nil }
        let index = (number - offset) / factor
        if let other = variable.value(in: indices), other != index { return nil }
        switch variable {
        case .stage: indices.stage = index
        case .block: indices.block = index
        }
      }
    }
    return indices
  }

  private static func number(_ digits: Substring.UTF8View) -> Int? {
    guard (1...6).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = 10 * value + Int(digit & 15)
    }
    return value
  }
}
