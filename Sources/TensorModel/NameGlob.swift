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
    var (patternIndex, position) = (0, 0)
    // Where to continue if what follows the last star does not match.
    var retry: (patternIndex: Int, position: Int)?
    while position < text.count {
      if patternIndex < pattern.count, pattern[patternIndex] == "*" {
        retry = (patternIndex + 1, position)
        patternIndex += 1
      } else if patternIndex < pattern.count,
        pattern[patternIndex] == "?" || pattern[patternIndex] == text[position]
      {
        patternIndex += 1
        position += 1
      } else if let last = retry {
        retry = (last.patternIndex, last.position + 1)
        (patternIndex, position) = (last.patternIndex, last.position + 1)
      } else {
        return false
      }
    }
    return pattern[patternIndex...].allSatisfy { $0 == "*" }
  }
}
