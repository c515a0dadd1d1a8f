import ByteIO

/// A piece of HTML, written as a string literal.
///
/// What is in the literal is markup; what is interpolated is text, and is escaped, unless it is
/// markup itself. This way, no text from a file can become markup.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  /// How many characters of a text are shown.
  static let textLimit = 1000

  /// The HTML.
  private(set) var html: String

  init(stringLiteral value: String) { html = value }

  init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

  /// Pieces one after the other, one per line.
  init(lines pieces: some Sequence<Markup>) {
    html = pieces.map(\.html).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      html.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { html += literal }

    /// Text between tags, or in quoted attributes. A name can be as long as a file; what is too
    /// long to read is cut.
    mutating func appendInterpolation(_ text: String) {
      for scalar in escaped(text, limit: Markup.textLimit).unicodeScalars {
        switch scalar {
        case "&": html += "&amp;"
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "\"": html += "&quot;"
        case "'": html += "&#39;"
        default: html.unicodeScalars.append(scalar)
        }
      }
    }

    mutating func appendInterpolation(_ number: Int) { html += String(number) }

    /// A coordinate: two decimals at most.
    mutating func appendInterpolation(_ number: Double) {
      var text = fixedPoint(number, decimals: 2)
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
      html += text
    }

    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }

    mutating func appendInterpolation(_ markup: Markup?) { html += markup?.html ?? "" }

    mutating func appendInterpolation(_ pieces: [Markup]) {
      html += Markup(lines: pieces).html
    }
  }
}
