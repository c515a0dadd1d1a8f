import ByteIO

/// A dotted name with placeholders for stage and block: `features.{2i+1}.{j}.block.0.weight`.
///
/// A component holds at most one placeholder, written `{i}`, `{j}`, `{2i}`, `{2i+1}` or `{i+1}`.
struct NamePattern: Equatable, Sendable {
  /// Stage and block numbers, if a name has them.
  struct Indices: Hashable, Sendable {
    var stage: Int?
    var block: Int?
  }

  private enum Component: Equatable, Sendable {
    case literal([UInt8])
    case placeholder(before: [UInt8], Variable, factor: Int, offset: Int)
  }

  private enum Variable: Sendable {
    case stage, block

    func value(in indices: Indices) -> Int? { self == .stage ? indices.stage : indices.block }
  }

  /// The pattern as written.
  let text: String
  private let components: [Component]

  init(_ text: String) {
    self.text = text
    let name = DottedName(text.utf8)
    components = (0..<name.componentCount).map { Self.component(name[$0]) }
  }

  private static func component(_ text: ArraySlice<UInt8>) -> Component {
    guard text.last == UInt8(ascii: "}"), let open = text.firstIndex(of: UInt8(ascii: "{")),
      let letter = text[open...].firstIndex(where: {
        $0 == UInt8(ascii: "i") || $0 == UInt8(ascii: "j")
      })
    else { return .literal(Array(text)) }
    let offset = text[letter...].dropFirst().dropLast().drop { $0 == UInt8(ascii: "+") }
    return .placeholder(
      before: Array(text[..<open]), text[letter] == UInt8(ascii: "i") ? .stage : .block,
      factor: number(text[(open + 1)..<letter]) ?? 1, offset: number(offset) ?? 0)
  }

  /// How many components a name needs for the pattern.
  var componentCount: Int { components.count }

  /// The last component, unless it is a placeholder.
  var last: [UInt8]? {
    if case .literal(let text)? = components.last { text } else { nil }
  }

  /// Whether one of the components is a literal for which `condition` holds.
  func hasLiteral(where condition: ([UInt8]) -> Bool) -> Bool {
    components.contains { if case .literal(let text) = $0 { condition(text) } else { false } }
  }

  /// Whether there is a number for every placeholder.
  func isComplete(_ indices: Indices) -> Bool {
    components.allSatisfy { component in
      guard case .placeholder(_, let variable, _, _) = component else { return true }
      return variable.value(in: indices) != nil
    }
  }

  /// The name for a stage and a block; placeholders without a number are written `{?}`.
  func name(_ indices: Indices) -> String {
    var name: [UInt8] = []
    for (position, component) in components.enumerated() {
      if position > 0 { name.append(UInt8(ascii: ".")) }
      switch component {
      case .literal(let text): name += text
      case .placeholder(let before, let variable, let factor, let offset):
        name += before
        name += variable.value(in: indices).map { "\(factor * $0 + offset)" }?.utf8 ?? "{?}".utf8
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// The stage and block with which the pattern gives exactly the components of a name from `start`
  /// to its end; `nil` if there are none.
  ///
  /// Numbers are plain decimals without leading zeros, as the publishers write them.
  func match(_ name: DottedName, from start: Int = 0) -> Indices? {
    guard name.componentCount - start == components.count else { return nil }
    var indices = Indices()
    // From the back: the last components distinguish most names.
    for position in components.indices.reversed() {
      let part = name[start + position]
      switch components[position] {
      case .literal(let text):
        guard part.elementsEqual(text) else { return nil }
      case .placeholder(let before, let variable, let factor, let offset):
        guard part.starts(with: before), let number = Self.number(part.dropFirst(before.count)),
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

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...6).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    var value = 0
    for digit in digits {
      guard digit.isASCIIDigit else { return nil }
      value = 10 * value + Int(digit & 15)
    }
    return value
  }
}
