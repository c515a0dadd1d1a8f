import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import Terminal

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say whether two checkpoints hold the same model.",
    discussion: """
      EXAMPLES:
        convnext diff convnext_tiny.pth model.safetensors
        convnext diff before.pth after.pth --tolerance 1e-5
        convnext diff before.pth after.pth --json --top 3

      Containers, namings and element types may differ. Tensors are equal where they are \
      identical, or where the one rounded to the other's narrower element type gives the other. \
      Files that hold no ConvNeXt are compared under their own names. Exit status 1 where they \
      are different.
      """)

  @Argument(help: "The first checkpoint.", completion: .checkpoints)
  var first: String

  @Argument(help: "The checkpoint to compare with.", completion: .checkpoints)
  var second: String

  @Option(
    parsing: .unconditional, help: "How far apart two elements may be and still count as equal.")
  var tolerance: Double?

  @Option(parsing: .unconditional, help: "How many tensors are listed, the most different first.")
  var top: Int?

  @Option(help: "canonical (where both files are a ConvNeXt) or source: the names in the files.")
  var names = NamesChoice.canonical

  @Option(
    help: "Where in the first file the weights are, such as model_ema.",
    completion: .dictionaries)
  var firstKey: String?

  @Option(help: "The same for the second file.", completion: .dictionariesOfSecond)
  var secondKey: String?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  /// How many tensors are listed for people unless they say otherwise.
  private static let listedCount = 10

  func validate() throws {
    if names == .source && (firstKey != nil || secondKey != nil) {
      throw ValidationError(
        "--first-key and --second-key are for canonical names; --names source takes whole files.")
    }
    if let top, top < 1 { throw ValidationError("--top takes a number from 1 on.") }
    try OptionRanges.check(tolerance: tolerance)
  }

  func run() throws {
    let options = try common.reporting(file: first) { try reading.options() }
    let checkpoints = try [first, second].map { file in
      try common.reporting(file: file) { try Checkpoint(path: file, options: options) }
    }
    reading.noteUnusedRules(of: checkpoints, options, common)
    let isSame = try common.reporting(file: first, subject: "\(first), \(second)") {
      let diff = try ModelDiff(
        checkpoints[0], checkpoints[1], firstKey: firstKey, secondKey: secondKey,
        usesSourceNames: names == .source, tolerance: tolerance)
      if names == .canonical { try noteChoices(checkpoints) }
      let report = DiffReport(diff: diff, first: first, second: second)
      try StandardStream.output.write(
        common.json
          ? common.result(report.json(top: top))
          : common.quiet ? diff.verdict + "\n" : report.text(top: top ?? Self.listedCount))
      return diff.isSame
    }
    if !isSame { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  /// Notes what canonical names mean in each file, or why there are none.
  private func noteChoices(_ checkpoints: [Checkpoint]) throws {
    let others = checkpoints.filter { $0.matcher().candidates.isEmpty }
    if others.count == 1 {
      common.note("\(quoted(others[0].path)) holds no ConvNeXt: the files' own names are compared")
      return
    }
    for (index, key) in [firstKey, secondKey].enumerated() {
      let checkpoint = checkpoints[index]
      if let match = try checkpoint.namedMatch(key: key) {
        for sentence in checkpoint.disagreements(of: match) {
          common.note("\(quoted(checkpoint.path)): \(sentence)")
        }
      }
      try CandidateChoice.note(
        in: checkpoint, key: key, option: ["--first-key", "--second-key"][index], common)
    }
  }
}
