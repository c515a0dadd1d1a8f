import ByteIO
import TestSupport

/// A Swift file, seen as lines of code without comments and string literals.
struct SwiftSource {
  /// The module, by the folder below `Sources`.
  let module: String
  /// The file's name.
  let name: String
  /// The lines of code; what stood in comments and literals is left out.
  let lines: [String]

  init(module: String, name: String, text: String) {
    self.module = module
    self.name = name
    var isInBlock = false
    lines = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let code = Self.code(of: Array(line), isInBlock: &isInBlock)
      return code.isEmpty ? nil : code
    }
  }

  /// All files below `Sources`.
  static func all() throws -> [SwiftSource] {
    let folder = Repository.path("Sources")
    return try namesInFolder(folder).flatMap { module in
      try files(below: "\(folder)/\(module)", endingIn: ".swift").map { path in
        let text = try FileMapping(path: path).region.text ?? ""
        return SwiftSource(module: module, name: FileSystem.name(of: path), text: text)
      }
    }
  }

  /// The code of a line. Literals end with their line, which is not quite so, but errs on the side
  /// of seeing more code.
  private static func code(of line: [UInt8], isInBlock: inout Bool) -> String {
    var code: [UInt8] = []
    var isInLiteral = false
    var isEscaped = false
    var index = 0
    func isNext(_ pair: StaticString) -> Bool {
      line[index...].starts(with: UnsafeBufferPointer(start: pair.utf8Start, count: 2))
    }
    while index < line.count {
      if isInBlock {
        if isNext("*/") { isInBlock = false }
        index += isInBlock ? 1 : 2
        continue
      }
      if !isInLiteral && isNext("//") { break }
      if !isInLiteral && isNext("/*") {
        isInBlock = true
        index += 2
        continue
      }
      let byte = line[index]
      index += 1
      if byte == UInt8(ascii: "\"") && !isEscaped {
        isInLiteral.toggle()
      } else if !isInLiteral {
        code.append(byte)
      }
      isEscaped = isInLiteral && byte == UInt8(ascii: "\\") && !isEscaped
    }
    return String(decoding: code, as: UTF8.self)
  }

  /// The modules that the file imports.
  var imports: [String] {
    lines.compactMap { line in
      guard line.contains("import") else { return nil }
      let pattern =
        /^\s*(@\w+(\([^)]*\))?\s+)*((public|package|internal|fileprivate|private)\s+)?import\s+((struct|class|enum|protocol|typealias|func|let|var)\s+)?(?<module>\w+)/
      return line.firstMatch(of: pattern).map { String($0.module) }
    }
  }

  /// The lines that hold a match.
  func lines(with pattern: Regex<Substring>) -> [String] {
    // By default Unicode sees no end of a word in front of a dot and a letter.
    let pattern = pattern.wordBoundaryKind(.simple)
    return lines.filter { $0.contains(pattern) }
  }
}
