import ByteIO
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A document of the repository, parts of which follow from the code.
///
/// Such a part stands between the lines `<!-- begin NAME -->` and `<!-- end NAME -->`.
public struct Document: Sendable {
  private let path: String

  /// Takes a path below the repository's top folder.
  public init(_ relativePath: String) { path = Repository.path(relativePath) }

  /// The whole text.
  public var text: String {
    get throws {
      guard let text = try FileMapping(path: path).region.text else {
        throw DocumentError.notUTF8(path: path)
      }
      return text
    }
  }

  /// The text of a part, without the lines that mark it.
  public func part(_ name: String) throws -> String {
    try String(Self.split(text, at: name).part)
  }

  /// The cells of a part that is a table, without white space around them and without back quotes;
  /// the head is left out.
  public func table(_ name: String) throws -> [[String]] {
    try part(name).split(separator: "\n").dropFirst(2).map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
        let cell = $0.replacing("`", with: "").drop { $0 == " " }
        return String(cell.prefix(cell.count - cell.reversed().prefix { $0 == " " }.count))
      }
    }
  }

  /// The text of a part, which is `expected` where the document is up to date.
  ///
  /// With `UPDATE_DOCS=1` in the environment the part is replaced first.
  public func part(_ name: String, expected: String) throws -> String {
    guard getenv("UPDATE_DOCS").map({ String(cString: $0) }) == "1" else { return try part(name) }
    return try Self.isWriting.withLock { _ in
      let (before, _, after) = try Self.split(text, at: name)
      let output = try OutputFile(path: path, replacingExisting: true)
      try output.write(Array((before + expected + after).utf8), at: 0)
      try output.commit()
      return try part(name)
    }
  }

  // Tests run side by side, and several have a part in one document.
  private static let isWriting = Lock(())

  private static func split(
    _ text: String, at name: String
  ) throws -> (before: Substring, part: Substring, after: Substring) {
    let begin = "<!-- begin \(name) -->\n"
    let end = "<!-- end \(name) -->\n"
    let starts = text.ranges(of: begin)
    let ends = text.ranges(of: end)
    guard starts.count == 1, ends.count == 1, starts[0].upperBound <= ends[0].lowerBound else {
      throw DocumentError.noSuchPart(name)
    }
    return (
      text[..<starts[0].upperBound], text[starts[0].upperBound..<ends[0].lowerBound],
      text[ends[0].lowerBound...]
    )
  }
}

/// Why a document could not be read.
public enum DocumentError: Error, Equatable {
  /// The text is not UTF-8.
  case notUTF8(path: String)
  /// The lines that mark a part are not there exactly once, in order.
  case noSuchPart(String)
}
