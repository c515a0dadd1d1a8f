import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import TensorModel

/// What part of a network is taken.
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
      The output: .convnext, .safetensors, .pth, .pt or .bin; or, with --naming huggingface, a \
      folder that from_pretrained takes.
      """,
    completion: .file())
  var output: String

  @Option(help: "The container, where the output's extension does not tell.")
  var to: OutputContainer?

  @Option(
    help: """
      Whose names the result has: canonical, facebook, timm, huggingface, torchvision or \
      openmmlab. Without it the source's; .convnext files are always canonical.
      """)
  var naming: Naming?

  @Option(
    help: "Where in the file the weights stand, such as model_ema.", completion: .dictionaries)
  var key: String?

  @Option(help: "model, or backbone: no classifier and no other part of a larger network.")
  var part = PartChoice.model

  @Flag(help: "Leave out tensors that the model does not have, and say which.")
  var allowExtra = false

  @Flag(help: "Go on without tensors that the file does not have, and say which.")
  var allowMissing = false

  @Flag(help: "Turn codes and scales of a quantized model into numbers again.")
  var dequantize = false

  @Flag(help: "Replace an existing output.")
  var force = false

  @Flag(name: [.customShort("n"), .long], help: "Show what would be written, and write nothing.")
  var dryRun = false

  @Flag(help: "List each tensor's names in source, schema and target, with the rule that fired.")
  var explain = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if (to ?? OutputContainer(path: output)) == .convnext, let naming, naming != .canonical {
      throw ValidationError(".convnext files have canonical names; leave --naming out.")
    }
  }

  func run() throws {
    try common.reporting(file: file) {
      let request = try request()
      let checkpoint = try Checkpoint(path: file, options: reading.options())
      let plan = try ConversionPlan(checkpoint, request)
      noteChoices(plan)
      let result =
        dryRun ? nil : try plan.write(to: output, replacingExisting: force)
      let report = ConversionReport(
        plan, result: result, byteCount: try result?.byteCount ?? plan.byteCount(at: output),
        file: file, output: output)
      let explanation = explain ? ConversionExplanation(plan) : nil
      if common.json {
        let json = report.json(explanation: explanation)
        try StandardStream.output.write(json.serialized(isPretty: true) + "\n")
      } else {
        let table = explanation?.table(isForPeople: StandardStream.output.isTerminal)
        try StandardStream.output.write((table ?? "") + report.text)
      }
    }
  }

  private func request() throws(FileError) -> ConversionRequest {
    let isFolder = output.hasSuffix("/") || FileSystem.kind(of: output) == .folder
    guard let container = to ?? OutputContainer(path: output) ?? (isFolder ? .safetensors : nil)
    else {
      throw FileError(InputError.unknownOutput(FileSystem.name(of: output)), path: output)
    }
    var request = ConversionRequest(container: container, tool: toolName)
    request.key = key
    request.naming = naming
    request.isBackboneOnly = part == .backbone
    request.allowsExtra = allowExtra
    request.allowsMissing = allowMissing
    if dequantize { request.treatment = .dequantize }
    return request
  }

  private func noteChoices(_ plan: ConversionPlan) {
    let candidates = plan.checkpoint.matcher().candidates
    if candidates.count > 1 && key == nil {
      common.note("note: " + CandidateChoice(candidates).sentence)
    }
    if dryRun && !force && FileSystem.kind(of: output) == .file {
      common.note("note: the output exists; without --force it would not be replaced")
    }
    for name in plan.untiedNames {
      common.note(
        "note: \(quoted(name.string)) is tied to another tensor in the source; "
          + "the output holds a copy")
    }
    for problem in plan.match.problems { common.note("note: \(problem.sentence)") }
    if part == .backbone, !plan.match.leftOut.isEmpty {
      common.note("note: \(plan.match.leftOut.count) tensors of other parts are left out")
    }
  }
}
