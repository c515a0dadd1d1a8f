import ArgumentParser
import ByteIO
import Convert
import Quantize
import Terminal

/// `NAMES=FORMAT`: how some tensors are stored, whatever the recipe says.
struct KeepRule {
  let rule: Recipe.Rule

  /// Throws `ValidationError` if an argument is not such a rule.
  init(_ argument: String) throws {
    guard let equals = argument.lastIndex(of: "="),
      let format = WeightFormat(rawValue: String(argument[argument.index(after: equals)...]))
    else {
      let formats = WeightFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("It takes NAMES=FORMAT, and formats are \(formats).")
    }
    rule = Recipe.Rule(String(argument[..<equals]), [format])
  }
}

struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Store the weights in fewer bits, and report what that costs.",
    discussion: """
      EXAMPLES:
        convnext quantize convnext_tiny.pth -o tiny-int8.convnext
        convnext quantize tiny.convnext -o tiny-half.safetensors --to float16
        convnext quantize tiny.convnext -n --to int4-block32 --keep stem=int8

      RECIPES:
      \(Recipe.BuiltIn.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

      Every tensor is read back as it was written and compared with the original; the ten that lost \
      most are listed. Exit status 1 where a tensor is below --min-sqnr; then nothing is written.
      """)

  @Argument(help: "The checkpoint.", completion: .checkpoints)
  var file: String

  @Option(
    name: .shortAndLong,
    help: """
      The output: .convnext or .safetensors; .pth and the like for float16 and bfloat16; or, with \
      --naming huggingface, a folder for those.
      """,
    completion: .file())
  var output: String?

  @Option(
    help: """
      The recipe: \(Recipe.BuiltIn.allCases.map(\.rawValue).joined(separator: ", ")). Without it \
      int8.
      """)
  var to: Recipe.BuiltIn?

  @Option(
    help: """
      A recipe of your own: a JSON object of roles or patterns of names, and the format of each.
      """,
    completion: .file())
  var recipe: String?

  @Option(
    help: """
      A role or pattern, and the format that it has whatever the recipe says, such as \
      'head.*=float16'. Can be given several times; the last that fits holds.
      """,
    transform: { try KeepRule($0) })
  var keep: [KeepRule] = []

  @Option(
    help: """
      Numbers too large for float16 or bfloat16: error, keep-float32 (the whole tensor), saturate \
      or infinity.
      """)
  var overflow = OverflowPolicy.refuse

  @Option(
    parsing: .unconditional,
    help: "Write nothing, and exit 1, where a tensor's signal-to-noise ratio is below this (dB).")
  var minSqnr: Double?

  @Option(help: "Write the report, with every tensor, to a JSON file.", completion: .file())
  var report: String?

  @Flag(help: "Replace an existing output.")
  var force = false

  @Flag(name: [.customShort("n"), .long], help: "Show the size and the cost, and write no model.")
  var dryRun = false

  @OptionGroup var weights: WeightsOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if output == nil && !dryRun {
      throw ValidationError("Name an output with -o, or use --dry-run.")
    }
    try WeightsOptions.requireName(output)
    if to != nil && recipe != nil { throw ValidationError("--to and --recipe exclude each other.") }
    if let minSqnr, !minSqnr.isFinite { throw ValidationError("--min-sqnr takes a number.") }
    if let output { try weights.requireNamesFit(OutputContainer(path: output)) }
  }

  /// Throws if an output would replace what is read, or the report a part of the model.
  private func checkOutputs(of plan: ConversionPlan) throws {
    let outputs = output.map { plan.paths(at: $0) } ?? []
    var readFiles = reading.readFiles
    readFiles.add(recipe, "the recipe")
    readFiles.add(besideWeightsOf: plan.checkpoint, output: output)
    try readFiles.check(outputs)
    guard let report else { return }
    readFiles.add(plan.checkpoint)
    try readFiles.check([report])
    if outputs.contains(where: { Self.isSame(report, $0) }) {
      throw FileError(ReplacedInput(role: "a file of the model"), path: report)
    }
  }

  private static func isSame(_ path: String, _ other: String) -> Bool {
    let files = [path, other].map { path in
      let folder = FileSystem.folder(of: path)
      return "\(FileSystem.resolved(folder) ?? folder)/\(FileSystem.name(of: path))"
    }
    return files[0].hasBytes(of: files[1])
  }

  func run() throws {
    let isGoodEnough = try common.reporting(file: file) {
      let plan = try checkedPlan()
      let reportFile = try report.map { try OutputFile(path: $0, replacingExisting: force) }
      let text: QuantizationText
      do {
        text = try quantize(plan, reportFile)
      } catch let failure as BelowMinimumSQNR {
        text = try self.text(of: plan, failure.report, isGoodEnough: false)
        try reportFile?.writeAndSynchronize(reportBytes(text))
      }
      try reportFile?.commit()
      try StandardStream.output.write(
        common.json ? common.result(text.json) : text.text(isQuiet: common.quiet))
      return text.isGoodEnough
    }
    if !isGoodEnough { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  /// The plan, once it is certain that no output replaces what is read.
  private func checkedPlan() throws -> ConversionPlan {
    var request = try weights.request(output: output)
    request.treatment = .quantize(try quantization())
    let checkpoint = try reading.checkpoint(file, common)
    let plan = try ConversionPlan(checkpoint, request)
    if let output { try plan.requireFits(output) }
    try checkOutputs(of: plan)
    let notes = ConversionNotes(plan, output: output, weights)
    for sentences in notes.groups { common.note(sentences) }
    if dryRun && !force, let note = notes.existingOutput { common.note(note) }
    return plan
  }

  /// Writes the model, unless that is not wanted, and before it appears the report: a full disk
  /// leaves nothing behind.
  private func quantize(
    _ plan: ConversionPlan, _ reportFile: OutputFile?
  ) throws -> QuantizationText {
    guard let output, !dryRun else {
      try plan.requireQuality()
      let text = try text(of: plan, plan.quantizationReport())
      try reportFile?.writeAndSynchronize(reportBytes(text))
      return text
    }
    let result = try plan.write(to: output, replacingExisting: force) { result in
      try reportFile?.writeAndSynchronize(
        reportBytes(text(of: plan, plan.quantizationReport(), result)))
    }
    return try text(of: plan, plan.quantizationReport(), result)
  }

  /// - Parameter result: What was written, or will appear next; `nil` if nothing.
  private func text(
    of plan: ConversionPlan, _ report: QuantizationReport, _ result: ConversionResult? = nil,
    isGoodEnough: Bool = true
  ) throws -> QuantizationText {
    QuantizationText(
      plan: plan, report: report,
      written: try WrittenFiles(plan, output: output, result: result), file: file,
      minimumSQNR: minSqnr, isGoodEnough: isGoodEnough)
  }

  private func reportBytes(_ text: QuantizationText) -> [UInt8] {
    Array(common.result(text.json).utf8)
  }

  /// Throws `SystemError` or `FileError` if the file with the recipe cannot be used.
  private func quantization() throws -> QuantizationRequest {
    var recipe = (to ?? .int8).recipe
    if let path = self.recipe {
      let text = try FileMapping(path: path).region
      do {
        recipe = try Recipe(
          name: FileSystem.name(of: path), parsing: text, limits: reading.limits.limits)
      } catch { throw FileError(error, path: path) }
    }
    var request = QuantizationRequest(recipe: recipe.adding(keep.map(\.rule)))
    request.overflow = overflow
    request.minimumSQNR = minSqnr
    return request
  }
}
