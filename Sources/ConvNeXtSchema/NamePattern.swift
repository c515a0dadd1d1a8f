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
    case place(before: String, variable: Character, factor: Int, offset: Int)
  }

  /// The pattern as it is written.
  let text: String
  private let components: [Component]

  init(_ text: String) {
    self.text = text
    components = text.split(separator: ".", omittingEmptySubsequences: false).map {
      Self.component($0)
    }
  }

  private static func component(_ text: Substring) -> Component {
    guard let open = text.firstIndex(of: "{"), text.last == "}" else {
      return .literal(String(text))
    }
    let expression = text[text.index(after: open)...].dropLast()
    guard let variable = expression.first(where: { "ij".contains($0) }) else {
      return .literal(String(text))
    }
    let parts = expression.split(separator: variable, omittingEmptySubsequences: false)
    return .place(
      before: String(text[..<open]), variable: variable, factor: Int(parts[0]) ?? 1,
      offset: Int(parts[1].drop { $0 == "+" }) ?? 0)
  }

  /// How many components a name needs for the pattern.
  var componentCount: Int { components.count }

  /// Whether there is a number for every place.
  func isComplete(_ indices: Indices) -> Bool {
    components.allSatisfy { component in
      guard case .place(_, let variable, _, _) = component else { return true }
      return (variable == "i" ? indices.stage : indices.block) != nil
    }
  }

  /// The name for a stage and a block; places without a number stay as they are written.
  func name(_ indices: Indices) -> String {
    components.map { component in
      switch component {
      case .literal(let text): return text
      case .place(let before, let variable, let factor, let offset):
        guard let index = variable == "i" ? indices.stage : indices.block else { return "{?}" }
        return "\(before)\(factor * index + offset)"
      }
    }.joined(separator: ".")
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
        if variable == "i" {
          if let stage = indices.stage, stage != index { return nil }
          indices.stage = index
        } else {
          if let block = indices.block, block != index { return nil }
          indices.block = index
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
