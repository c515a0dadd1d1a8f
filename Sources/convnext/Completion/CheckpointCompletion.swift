import ByteIO
import ConvNeXtSchema
import Convert
import TensorModel

/// The checkpoint that an unfinished command line names, for completing names in it.
struct CheckpointCompletion {
  private let checkpoint: Checkpoint

  /// Opens one of the words after the command that are checkpoints; `nil` if there are not that
  /// many.
  ///
  /// - Parameters:
  ///   - words: The words of the command line, as the shell has them.
  ///   - index: Which one, from 0.
  init?(words: [String], at index: Int = 0) {
    var options = Checkpoint.Options()
    options.skipsUnknownGlobals = words.contains("--skip-unknown")
    let arguments = Array(words.dropFirst())
    let paths = CommandOptions(in: arguments).positionals(in: arguments).map(Self.path)
    let checkpoints = paths.lazy.filter { FileSystem.kind(of: $0) != nil }
      .compactMap { try? Checkpoint(path: $0, options: options) }
    guard let found = checkpoints.dropFirst(index).first else { return nil }
    checkpoint = found
  }

  /// The names of all tensors, in the file's order.
  var tensorNames: [String] { checkpoint.storedTensors.map(\.name.string) }

  /// The dictionaries that hold tensors, in the file's order.
  var dictionaries: [String] {
    var seen: Set<ByteText> = []
    return checkpoint.inputs.map(\.wrapper).filter {
      !$0.isEmpty && seen.insert(ByteText($0)).inserted
    }
  }

  /// The path that a shell makes from a word: without quotation marks and backslashes, with the
  /// home folder for `~/`.
  static func path(of word: String) -> String {
    var path = ""
    var quote: Character?
    var isEscaped = false
    for character in word {
      if isEscaped {
        path.append(character)
        isEscaped = false
      } else if character == "\\" && quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil && (character == "'" || character == "\"") {
        quote = character
      } else {
        path.append(character)
      }
    }
    guard word.hasPrefix("~/"), let home = environmentVariable("HOME") else { return path }
    return home + path.dropFirst()
  }
}
