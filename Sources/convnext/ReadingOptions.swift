import ArgumentParser
import ByteIO
import Convert

/// Options of commands that read a checkpoint.
struct ReadingOptions: ParsableArguments {
  @Flag(
    help: """
      Keep unknown classes and functions of a pickle as named values instead of refusing the file; \
      dangerous ones stay refused. Nothing is ever called.
      """)
  var skipUnknown = false

  @Option(
    help: """
      A file with your own names for tensors, by which models are recognized: on each line a \
      regular expression and what replaces it ($1 stands for its first group).
      """,
    completion: .file())
  var rules: String?

  @OptionGroup var limits: LimitOptions

  /// What is read beside the checkpoint.
  var readFiles: ReadFiles {
    var files = ReadFiles()
    files.add(rules, "the file with the rules")
    return files
  }

  /// Throws `SystemError` or `FileError` where the file with the rules cannot be used.
  func options() throws -> Checkpoint.Options {
    var options = Checkpoint.Options()
    options.skipsUnknownGlobals = skipUnknown
    options.limits = limits.limits
    if let rules {
      do {
        options.renameRules = try RenameRule.parse(FileMapping(path: rules).region)
      } catch let error as InputError { throw FileError(error, path: rules) }
    }
    return options
  }
}
