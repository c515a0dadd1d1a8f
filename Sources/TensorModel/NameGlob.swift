/// A pattern for tensor names: `*` matches any run of characters, `?` matches one, and everything
/// else matches itself.
///
/// Characters are Unicode scalars, so that names match exactly when their bytes do.
public struct NameGlob: Equatable, Sendable {
  private let pattern: [Unicode.Scalar]

  /// Creates a pattern; any text is one.
  public init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

  /// Whether the pattern matches the whole name.
  ///
  /// At worst, the time is the product of both lengths.
  public func matches(_ name: TensorName) -> Bool {
    let text = Array(name.string.unicodeScalars)
    var (place, position) = (0, 0)
    // Where to continue if what follows the last star does not match.
    var retry: (place: Int, position: Int)?
    while position < text.count {
      if place < pattern.count, pattern[place] == "*" {
        retry = (place + 1, position)
        place += 1
      } else if place < pattern.count, pattern[place] == "?" || pattern[place] == text[position] {
        place += 1
        position += 1
      } else if let last = retry {
        retry = (last.place, last.position + 1)
        (place, position) = (last.place, last.position + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}
