import ArgumentParser
import ByteIO
import Convert
import Inspect
import Report
import Terminal

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page that shows what is in a checkpoint, or in two.",
    discussion: """
      EXAMPLES:
        convnext report convnext_tiny.pth -o tiny.html
        convnext report before.pth after.pth -o changes.html

      One HTML file that needs nothing else and loads nothing: identity, health, architecture, \
      costs, a histogram of every tensor, digests; with a second file also how the two differ, \
      and what quantizing one cost. The page appears whole or not at all. The exit status says \
      whether it was written.
      """)

  @Argument(help: "The checkpoint.", completion: .checkpoints)
  var file: String

  @Argument(help: "A checkpoint to compare with.", completion: .checkpoints)
  var second: String?

  @Option(name: .shortAndLong, help: "The page to write.", completion: .file())
  var output: String

  @Option(
    help: "Where in the file the weights are, such as model_ema.", completion: .dictionaries)
  var key: String?

  @Option(parsing: .unconditional, help: "Height and width of the image that costs are given for.")
  var imageSize: Int?

  @Option(
    parsing: .unconditional, help: "How far apart two elements may be and still count as equal.")
  var tolerance: Double?

  @Flag(help: "Replace an existing output.")
  var force = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try OptionRanges.check(imageSize: imageSize)
    try OptionRanges.check(tolerance: tolerance)
    if second != nil && key != nil {
      throw ValidationError("--key is for one file; two are compared as 'diff' does.")
    }
    if second == nil && tolerance != nil {
      throw ValidationError("--tolerance needs a second file.")
    }
  }

  func run() throws {
    // An output that cannot be written is found before anything is read.
    let page = try common.reporting(file: output) {
      try OutputFile(path: output, replacingExisting: force)
    }
    var (checkpoint, contents) = try common.reporting(file: file) {
      let checkpoint = try open(file)
      if let progress = WorkProgress.current {
        ReportContents.planPasses(over: checkpoint, in: progress)
      }
      let inspection = try Inspection(checkpoint, key: key, imageSize: imageSize)
      try CandidateChoice.note(in: checkpoint, key: key, common)
      return (checkpoint, try ReportContents(inspection))
    }
    contents.comparison = try second.map { second in
      try common.reporting(file: second) {
        try ReportComparison(
          checkpoint, open(second), imageSize: imageSize, tolerance: tolerance)
      }
    }
    try common.reporting(file: output) {
      let html = Array(ReportPage(contents).html.utf8)
      try page.write(html, at: 0)
      try page.commit()
      try StandardStream.output.write(
        common.json
          ? common.result(json(contents, byteCount: html.count))
          : text(contents, byteCount: html.count))
    }
  }

  /// Opens a checkpoint that the page does not replace.
  private func open(_ path: String) throws -> Checkpoint {
    let checkpoint = try reading.checkpoint(path, common)
    var readFiles = reading.readFiles
    readFiles.add(checkpoint)
    try readFiles.check([output])
    return checkpoint
  }

  private func text(_ contents: ReportContents, byteCount: Int) -> String {
    let comparison = contents.comparison.map { "comparison: \($0.diff.verdict)\n" } ?? ""
    return "health: \(contents.health.verdict)\n\(comparison)"
      + "wrote \(escaped(output))  \(readableByteCount(byteCount))\n"
  }

  private func json(_ contents: ReportContents, byteCount: Int) -> JSONValue {
    .object([
      "schema": "convnext.report/1",
      "files": .array(([file] + [second].compactMap(\.self)).map { .string($0) }),
      "output": .string(output),
      "bytes": .integer(byteCount),
      "health": contents.health.json,
      "unexaminedTensors": .integer(contents.health.unexaminedCount),
      "same": .optional(contents.comparison) { .bool($0.diff.isSame) },
      "verdict": .optional(contents.comparison) { .string($0.diff.exactVerdict) },
    ])
  }
}

extension ReportComparison {
  init(
    _ first: Checkpoint, _ second: Checkpoint, imageSize: Int?, tolerance: Double?
  ) throws {
    // The second file's numbers, and then both files compared.
    WorkProgress.current?.plan(
      byteCounts: first.tensorByteCount, second.tensorByteCount, second.tensorByteCount)
    let inspection = try Inspection(second, imageSize: imageSize)
    self.init(
      fileName: FileSystem.name(of: second.path), fileKind: InspectFacts.file(second),
      facts: InspectFacts(inspection).facts, health: try inspection.health(),
      diff: try ModelDiff(first, second, tolerance: tolerance))
  }
}
