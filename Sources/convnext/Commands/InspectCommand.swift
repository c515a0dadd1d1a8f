import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import Report
import Terminal

/// How `inspect` writes what it found.
enum InspectFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown, html
}

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a checkpoint is: model, naming, parameters, MACs and FLOPs.",
    discussion: """
      EXAMPLES:
        convnext inspect convnext_tiny.pth
        convnext inspect --config tiny-224 --layers
        convnext inspect model.safetensors --health --format markdown

      Reads headers only, whatever the file's size; --sha256 and --health read it all. MACs are the \
      multiply-adds of convolutions and linear layers; FLOPs are twice that. '--config list' shows \
      the published sizes.
      """)

  @Argument(help: "The checkpoint.", completion: .checkpoints)
  var file: String?

  @Option(
    help: "A published size instead of a file, such as tiny-224, v2-huge-512 or atto_ols.",
    completion: .configurations)
  var config: String?

  @Option(parsing: .unconditional, help: "Height and width of the image that costs are given for.")
  var imageSize: Int?

  @Option(
    parsing: .unconditional, help: "The number of classes, with --config; 0 for no classifier.")
  var classes: Int?

  @Option(
    help: "Where in the file the weights are, such as model_ema.", completion: .dictionaries)
  var key: String?

  @Flag(help: "List every layer with its shapes, parameters and MACs.")
  var layers = false

  @Flag(
    help:
      "Show what a file holds besides tensors: values of a training run, metadata. Nothing is executed."
  )
  var extra = false

  @Flag(help: "Compute the file's SHA-256 and the content digest, which reads the whole file.")
  var sha256 = false

  @Flag(
    help: """
      Look at the numbers: NaNs, dead channels, untrained layers and more. Exit status 1 where \
      there is an error.
      """)
  var health = false

  @Option(help: "text, json, markdown (tables for a model card) or html (the page of 'report').")
  var format: InspectFormat?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if file == nil && config == nil {
      throw ValidationError("Name a file, or a size with --config.")
    }
    if file != nil && config != nil {
      throw ValidationError("A file and --config exclude each other.")
    }
    if classes != nil && config == nil { throw ValidationError("--classes needs --config.") }
    if let format, common.json && format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other.")
    }
    if extra, let format, format == .markdown || format == .html {
      throw ValidationError("--extra is for the formats text and json.")
    }
    if config != nil && (health || format == .html) {
      throw ValidationError("--health and --format html need a file.")
    }
    if config != nil && (sha256 || extra || key != nil || reading.rules != nil) {
      throw ValidationError("--sha256, --extra, --key and --rules need a file.")
    }
    if config == Self.listName && (layers || classes != nil || imageSize != nil) {
      throw ValidationError("--layers, --classes and --image-size need a size, not 'list'.")
    }
    try OptionRanges.check(imageSize: imageSize)
    if let classes, !(0...10_000_000).contains(classes) {
      throw ValidationError("--classes takes a number from 0 to 10000000.")
    }
  }

  func run() throws {
    if let config {
      try common.reporting(file: config) {
        try StandardStream.output.write(
          config == Self.listName ? publishedSizes : describe(configuration: config))
      }
    } else if let file {
      let hasErrors = try common.reporting(file: file) {
        let (text, hasErrors) = try describe(file)
        try StandardStream.output.write(text)
        return hasErrors
      }
      if hasErrors { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
    }
  }

  /// What `--config` takes besides the names of sizes.
  private static let listName = "list"

  /// The names of the published sizes.
  private var publishedSizes: String {
    let names = Variant.all.map(\.fullName)
    switch chosenFormat {
    case .json:
      return JSONValue.object([
        "schema": "convnext.configurations/1", "configurations": .array(names.map { .string($0) }),
      ]).serialized(isPretty: true) + "\n"
    case .markdown:
      var table = TextTable([("CONFIGURATION", .left)])
      for name in names { table.append([name]) }
      return table.markdown()
    case .text, .html: return names.map { $0 + "\n" }.joined()
    }
  }

  private var chosenFormat: InspectFormat { common.json ? .json : format ?? .text }

  private func describe(configuration name: String) throws -> String {
    let (variant, size) = try Variant.configuration(named: name)
    var architecture = variant.architecture
    if let classes { architecture.head.classes = classes == 0 ? nil : classes }
    let imageSize = imageSize ?? size ?? Inspection.usualImageSize
    let summary = try ModelSummary(architecture, imageSize: imageSize)
    return switch chosenFormat {
    case .json:
      InspectJSON(configuration: name, summary: summary, imageSize: imageSize).value
        .serialized(isPretty: true) + "\n"
    case .markdown:
      InspectMarkdown(configuration: name, summary: summary, showsLayers: layers).text
    case .text, .html: InspectText(summary: summary, showsLayers: layers).text
    }
  }

  /// What is in a file, and whether its numbers have errors that were asked for.
  private func describe(_ file: String) throws -> (text: String, hasErrors: Bool) {
    let checkpoint = try reading.checkpoint(file, common)
    planPasses(over: checkpoint)
    let inspection = try Inspection(
      checkpoint, key: key, imageSize: imageSize, computesDigests: sha256)
    if chosenFormat == .html {
      let contents = try ReportContents(inspection)
      return (ReportPage(contents).html, health && contents.health.count(.error) > 0)
    }
    let health = health ? try inspection.health() : nil
    let content = extra ? ExtraContent(checkpoint) : nil
    let text =
      switch chosenFormat {
      case .json:
        common.result(InspectJSON(inspection, file: file, extra: content, health: health).value)
      case .markdown:
        InspectMarkdown(inspection, file: file, health: health, showsLayers: layers).text
      case .text, .html:
        InspectText(
          inspection, file: file, extra: content, health: health, showsLayers: layers
        ).text
      }
    return (text, (health?.count(.error) ?? 0) > 0)
  }

  /// Announces each pass over the file.
  private func planPasses(over checkpoint: Checkpoint) {
    guard let progress = WorkProgress.current else { return }
    if sha256 {
      progress.plan(byteCounts: checkpoint.fileByteCount, checkpoint.tensorByteCount)
    }
    if chosenFormat == .html {
      ReportContents.planPasses(over: checkpoint, in: progress)
    } else if health {
      progress.plan(byteCounts: checkpoint.tensorByteCount)
    }
  }
}
