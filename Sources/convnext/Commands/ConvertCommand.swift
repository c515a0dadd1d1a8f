import ArgumentParser
import Convert
import Terminal

/// Which part of a network is converted.
enum PartChoice: String, ExpressibleByArgument, CaseIterable {
  case model, backbone
}

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a ConvNeXt checkpoint in another container and naming.",
    discussion: """
      EXAMPLES:
        convnext convert convnext_tiny.pth -o tiny.convnext
        convnext convert tiny.convnext -o tiny.safetensors --naming timm
        convnext convert convnext_tiny.pth -o convnext-tiny/ --naming huggingface

      Values are never changed. Tensors that are missing, extra or of a wrong shape are an error \
      that names them. The output appears whole or not at all.
      """)

  @Argument(help: "The checkpoint.", completion: .checkpoints)
  var file: String

  @Option(
    name: .shortAndLong,
    help: """
      The output: .convnext, .safetensors, .pth, .pt, .bin, .ckpt or .pkl; or, with --naming \
      huggingface, a folder that from_pretrained takes.
      """,
    completion: .file())
  var output: String

  @Option(help: "The container, where the output's extension does not tell.")
  var to: OutputContainer?

  @Flag(help: "Turn codes and scales of a quantized model into numbers again.")
  var dequantize = false

  @Flag(help: "Replace an existing output.")
  var force = false

  @Flag(name: [.customShort("n"), .long], help: "Show what would be written, and write nothing.")
  var dryRun = false

  @Flag(help: "List each tensor's names in source, schema and target, with the rule that fired.")
  var explain = false

  @OptionGroup var weights: WeightsOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try WeightsOptions.requireName(output)
    try weights.requireNamesFit(to ?? OutputContainer(path: output))
  }

  func run() throws {
    try common.reporting(file: file) {
      var request = try weights.request(output: output, container: to)
      if dequantize { request.treatment = .dequantize }
      let checkpoint = try reading.checkpoint(file, common)
      let plan = try ConversionPlan(checkpoint, request)
      try plan.requireFits(output)
      var readFiles = reading.readFiles
      readFiles.add(besideWeightsOf: checkpoint, output: output)
      try readFiles.check(plan.paths(at: output))
      if dequantize && checkpoint.quantizedTensors.isEmpty {
        common.note("--dequantize: nothing is quantized in it")
      }
      let notes = ConversionNotes(plan, output: output, weights)
      for sentences in notes.groups { common.note(sentences) }
      if dryRun && !force, let note = notes.existingOutput { common.note(note) }
      let result =
        dryRun ? nil : try plan.write(to: output, replacingExisting: force)
      let report = ConversionReport(
        plan: plan, written: try WrittenFiles(plan, output: output, result: result), file: file)
      let explanation = explain ? ConversionExplanation(plan) : nil
      if common.json {
        let json = report.json(explanation: explanation)
        try StandardStream.output.write(common.result(json))
      } else {
        let table = explanation?.table(isForPeople: StandardStream.output.isTerminal)
        try StandardStream.output.write((table ?? "") + report.text(isQuiet: common.quiet))
      }
    }
  }
}
