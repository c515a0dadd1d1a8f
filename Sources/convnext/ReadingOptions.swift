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

  /// What is read besides the checkpoint.
  var readFiles: ReadFiles {
    var files = ReadFiles()
    files.add(rules, "the file with the rules")
    return files
  }

  /// Opens a checkpoint, and notes rules that match none of its names.
  ///
  /// Throws if the file cannot be read, or the file with the rules cannot be used.
  func checkpoint(_ path: String, _ common: CommonOptions) throws -> Checkpoint {
    let options = try options()
    let checkpoint = try Checkpoint(path: path, options: options)
    noteUnusedRules(of: [checkpoint], options, common)
    return checkpoint
  }

  /// Notes rules that match no name in any of some files.
  func noteUnusedRules(
    of checkpoints: [Checkpoint], _ options: Checkpoint.Options, _ common: CommonOptions
  ) {
    let rules = options.renameRules
    let unused = rules.indices.filter { index in
      checkpoints.allSatisfy { $0.unusedRules.contains(index) }
    }
    guard let first = unused.first.map({ rules[$0] }) else { return }
    if unused.count == rules.count {
      common.note("no rule of --rules fits any tensor's name")
    } else {
      common.note(
        unused.count == 1
          ? "the rule \(quoted(first.pattern)) fits no tensor's name"
          : "\(unused.count) rules fit no tensor's name, the first is \(quoted(first.pattern))")
    }
  }

  /// Throws `SystemError` or `FileError` if the file with the rules cannot be used.
  func options() throws -> Checkpoint.Options {
    var options = Checkpoint.Options()
    options.skipsUnknownGlobals = skipUnknown
    options.limits = limits.limits
    if let rules {
      do {
        options.renameRules = try RenameRule.parse(FileMapping(path: rules).region)
      } catch let error as RuleError { throw FileError(error, path: rules) }
    }
    return options
  }
}
