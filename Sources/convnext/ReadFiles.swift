import ByteIO
import Convert

/// Files that a command reads and that no output can be meant to replace, whatever `--force` says.
struct ReadFiles {
  private struct File {
    let identity: FileIdentity
    /// What it is to the command, in words.
    let role: String
  }
  private var files: [File] = []

  /// Adds a file; one that is not there cannot be replaced.
  ///
  /// - Parameter role: What it is to the command: `the key`.
  mutating func add(_ path: String?, _ role: String) {
    guard let path, let identity = FileIdentity(path: path == "-" ? "/dev/stdin" : path) else {
      return
    }
    files.append(File(identity: identity, role: role))
  }

  /// Adds all files that a checkpoint was read from.
  mutating func add(_ checkpoint: Checkpoint) {
    for path in checkpoint.readPaths { add(path, "the checkpoint") }
  }

  /// Adds the files of a checkpoint that a whole model does not replace: shards; and, for an output
  /// that is one file, everything but the weights themselves.
  mutating func add(besideWeightsOf checkpoint: Checkpoint, output: String?) {
    if checkpoint.files.count > 1 {
      for file in checkpoint.files { add(file.path, "a shard of the checkpoint") }
    }
    if let output, ConversionPlan.isFolder(output) { return }
    let weights = checkpoint.files.count == 1 ? checkpoint.files[0].path : nil
    for path in checkpoint.readPaths where path != weights && !Self.isFolder(path) {
      add(path, "a part of the checkpoint")
    }
  }

  private static func isFolder(_ path: String) -> Bool { FileSystem.kind(of: path) == .folder }

  /// Throws `ReplacedInput` if an output is one of the files, under any name and through any link.
  func check(_ outputs: [String]) throws(FileError) {
    for path in outputs {
      guard let identity = FileIdentity(path: path),
        let file = files.first(where: { $0.identity == identity })
      else { continue }
      throw FileError(ReplacedInput(role: file.role), path: path)
    }
  }
}

/// An output in place of a file that the command needs.
struct ReplacedInput: CheckpointError {
  /// What the file is to the command, in words.
  let role: String

  var category: FailureCategory { .usage }
  var rule: String { "output-is-input" }
  var message: String { "this is \(role), which no output may replace" }
  var hint: String? { "give the output another name" }
}
