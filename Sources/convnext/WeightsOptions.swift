import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import NativeFormat
import TensorModel

/// Options of the commands that write a model: which weights of a file, and under whose names.
struct WeightsOptions: ParsableArguments {
  @Option(
    help: """
      Whose names the result has: canonical, facebook, timm, huggingface, torchvision or \
      openmmlab. Without it the source's; .convnext files are always canonical.
      """)
  var naming: Naming?

  @Option(
    help: "Where in the file the weights are, such as model_ema.", completion: .dictionaries)
  var key: String?

  @Option(help: "model, or backbone: no classifier and no other part of a larger network.")
  var part = PartChoice.model

  @Flag(help: "Leave out tensors that the model does not have, and say which.")
  var allowExtra = false

  @Flag(help: "Go on without tensors that the file does not have, and say which.")
  var allowMissing = false

  /// Throws `ValidationError` for an output without a name.
  static func requireName(_ output: String?) throws {
    if output == "" { throw ValidationError("The output has no name.") }
  }

  /// Throws `ValidationError` if the container has its own names and others are asked for.
  func requireNamesFit(_ container: OutputContainer?) throws {
    if container == .convnext, let naming, naming != .canonical {
      throw ValidationError(".convnext files have canonical names; leave --naming out.")
    }
  }

  /// The requested conversion. Throws `FileError` if nothing determines the container.
  ///
  /// - Parameters:
  ///   - output: The output's path; `nil` if nothing is written, as if to a `.convnext` file.
  ///   - container: The container that was asked for; `nil` for that of the output's extension.
  func request(
    output: String?, container: OutputContainer? = nil
  ) throws(FileError) -> ConversionRequest {
    var request = ConversionRequest(
      container: try Self.container(of: output, asked: container), tool: toolName)
    request.key = key
    request.naming = naming
    request.isBackboneOnly = part == .backbone
    request.allowsExtra = allowExtra
    request.allowsMissing = allowMissing
    return request
  }

  private static func container(
    of output: String?, asked: OutputContainer?
  ) throws(FileError) -> OutputContainer {
    // The output file says why it cannot be standard output.
    guard let output, output != "-" else { return asked ?? .convnext }
    if let container = asked ?? OutputContainer(path: output) { return container }
    guard ConversionPlan.isFolder(output) else {
      throw FileError(ConversionError.unknownOutput, path: output)
    }
    return .safetensors
  }

  /// Notes what was decided along the way, and what is not as it was in the source.
  ///
  /// - Parameter output: The path to be written, if it is known.
  func noteChoices(_ plan: ConversionPlan, output: String?, _ common: CommonOptions) {
    let candidates = plan.checkpoint.matcher().candidates
    if candidates.count > 1 && key == nil {
      common.note(CandidateChoice(candidates).sentence)
    }
    common.note(
      plan.untiedNames.map {
        "\(quoted($0.string)) is tied to another tensor in the source; the output holds a copy"
      })
    common.note(
      plan.unrepeatedNames.map {
        "\(quoted($0.string)) is a second name of the final norm, written once"
      })
    if let alias = plan.match.aliases.first {
      let more = plan.match.aliases.count - 1
      common.note(
        "\(quoted(alias.string))"
          + (more > 0 ? " and \(more) more are second names" : " is a second name")
          + " of tensors of the model, in the same memory; each is written once")
    }
    common.note(
      plan.match.counters.map { index in
        let name = plan.checkpoint.tensors[index].name.string
        return "\(quoted(name)) counts steps and is not part of the model; it is left out"
      })
    for sentence in plan.lostDescriptions(inFolder: output.map(ConversionPlan.isFolder) ?? false) {
      common.note(sentence)
    }
    common.note(plan.match.problems.map(\.sentence))
    for sentence in plan.checkpoint.doubts(of: plan.match) { common.note(sentence) }
    if let origin = plan.checkpoint.native?.header.source.naming,
      origin != Naming.canonical.rawValue,
      plan.naming == .canonical, plan.request.container != .convnext, naming == nil
    {
      common.note(
        "canonical names are this program's own; --naming \(escaped(origin)) gives the source's back"
      )
    }
    if let output, let told = OutputContainer(path: output), told != plan.request.container {
      common.note(
        "the output is a \(plan.request.container.rawValue) file as --to says, whatever its extension"
      )
    }
    for sentence in output.map(plan.otherFiles) ?? [] { common.note(sentence) }
    noteParts(of: plan, candidates, common)
    if plan.checkpoint.hasConfigurationBeside {
      common.note(
        "config.json beside the file is not read: name the folder to take settings, labels and "
          + "preprocessing from it")
    }
    if part == .backbone, !plan.match.leftOut.isEmpty {
      let count = plan.match.leftOut.count
      common.note(
        "\(counted(count, "tensor")) of other parts \(count == 1 ? "is" : "are") left out")
    }
  }
}

extension WeightsOptions {
  /// Notes what else the file holds; other models' weights are reported separately.
  private func noteParts(
    of plan: ConversionPlan, _ candidates: [Candidate], _ common: CommonOptions
  ) {
    let checkpoint = plan.checkpoint
    let counters = Set(plan.match.counters.map { checkpoint.tensors[$0].name.string })
    let parts = FilePart.withoutModels(checkpoint.parts(beside: plan.match), candidates).filter {
      !counters.contains($0.name)
    }
    let isExtra = plan.match.problems.contains(where: \.isExtra)
    guard part == .model, !isExtra else { return }
    note(
      "left out, because it is not part of the model", parts.filter { !isOfTraining($0) }, common)
    note("left out, for it belongs to a training", parts.filter(isOfTraining), common)
  }

  private func isOfTraining(_ part: FilePart) -> Bool { Candidate.isOfTraining(part.name) }

  private func note(_ reason: String, _ parts: [FilePart], _ common: CommonOptions) {
    guard !parts.isEmpty else { return }
    let shown = parts.prefix(4).map { "\(quoted($0.name)) (\(counted($0.tensorCount, "tensor")))" }
    common.note(
      "\(reason): \(shown.joined(separator: ", "))"
        + (parts.count > 4 ? " and \(parts.count - 4) more" : ""))
  }
}

extension CommonOptions {
  /// Notes that a dry run names an output that a real one would not replace.
  func noteExisting(_ output: String?) {
    if let output, FileSystem.kind(of: output) == .file {
      note("the output exists; without --force it would not be replaced")
    }
  }
}
