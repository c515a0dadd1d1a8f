import ByteIO
import ConvNeXtSchema
import Convert
import NativeFormat
import TensorModel

/// What was decided along the way of a conversion, and what is not as it was in the source.
struct ConversionNotes {
  private let plan: ConversionPlan
  private let output: String?
  private let weights: WeightsOptions

  /// - Parameter output: The path to be written, if it is known.
  init(_ plan: ConversionPlan, output: String?, _ weights: WeightsOptions) {
    self.plan = plan
    self.output = output
    self.weights = weights
  }

  private var checkpoint: Checkpoint { plan.checkpoint }
  private var match: ModelMatch { plan.match }

  /// The notes in sentences. A group has those that may be as many as the file has tensors.
  var groups: [[String]] {
    let lost = plan.lostDescriptions(inFolder: output.map(ConversionPlan.isFolder) ?? false)
    let single = { (sentence: String?) in sentence.map { [$0] } ?? [] }
    return [single(choice), untied, unrepeated, single(aliases), counters]
      + lost.map { [$0] } + [match.problems.map(\.sentence)]
      + checkpoint.doubts(of: match).map { [$0] } + [single(canonicalNames), single(container)]
      + (output.map(plan.otherFiles) ?? []).map { [$0] }
      + [
        partsLeftOut, single(checkpoint.unreadNote(beside: match)), single(configurationBeside),
        single(backboneOnly),
      ]
      + [single(checkpoint.folder?.unreadNote)] + checkpoint.companionNotes(of: match).map { [$0] }
  }

  /// That a dry run names files that a real one would not replace; `nil` if none exists.
  var existingOutput: String? {
    let existing = (output.map(plan.paths) ?? []).filter { FileSystem.kind(of: $0) == .file }
    guard let first = existing.first else { return nil }
    return output.map(ConversionPlan.isFolder) ?? false
      ? "\(quoted(first)) exists; without --force it would not be replaced"
      : "the output exists; without --force it would not be replaced"
  }

  private var choice: String? {
    let candidates = checkpoint.matcher().candidates
    return candidates.count > 1 && weights.key == nil ? CandidateChoice(candidates).sentence : nil
  }

  private var untied: [String] {
    plan.untiedNames.map {
      "\(quoted($0.string)) is tied to another tensor in the source; the output holds a copy"
    }
  }

  private var unrepeated: [String] {
    plan.unrepeatedNames.map {
      "\(quoted($0.string)) is a second name of the final norm, written once"
    }
  }

  private var aliases: String? {
    guard let alias = match.aliases.first else { return nil }
    let more = match.aliases.count - 1
    return "\(quoted(alias.string))"
      + (more > 0 ? " and \(more) more are second names" : " is a second name")
      + " of tensors of the model, in the same memory; each is written once"
  }

  private var counters: [String] {
    match.counters.map { index in
      let name = checkpoint.tensors[index].name.string
      return "\(quoted(name)) counts steps and is not part of the model; it is left out"
    }
  }

  private var canonicalNames: String? {
    guard let origin = checkpoint.native?.header.source.naming,
      origin != Naming.canonical.rawValue, plan.naming == .canonical,
      plan.request.container != .convnext, weights.naming == nil
    else { return nil }
    return
      "canonical names are this program's own; --naming \(escaped(origin)) gives the source's back"
  }

  private var container: String? {
    guard let expected = output.flatMap({ OutputContainer(path: $0) }),
      expected != plan.request.container
    else { return nil }
    return
      "the output is a \(plan.request.container.rawValue) file as --to says, whatever its extension"
  }

  /// What else the file holds; other models' weights are reported separately.
  private var partsLeftOut: [String] {
    guard weights.part == .model, !match.problems.contains(where: \.isExtra) else { return [] }
    let counters = Set(match.counters.map { checkpoint.tensors[$0].name.string })
    let parts = FilePart.withoutModels(
      checkpoint.parts(beside: match), checkpoint.matcher().candidates
    ).filter { !counters.contains($0.name) }
    let isOfTraining = { (part: FilePart) in Candidate.isOfTraining(part.name) }
    return [
      list(parts.filter { !isOfTraining($0) }, "left out, because it is not part of the model"),
      list(parts.filter(isOfTraining), "left out, for it belongs to a training"),
    ].compactMap(\.self)
  }

  private func list(_ parts: [FilePart], _ reason: String) -> String? {
    guard !parts.isEmpty else { return nil }
    let shown = parts.prefix(4).map { "\(quoted($0.name)) (\(counted($0.tensorCount, "tensor")))" }
    return "\(reason): \(shown.joined(separator: ", "))"
      + (parts.count > 4 ? " and \(parts.count - 4) more" : "")
  }

  private var configurationBeside: String? {
    guard checkpoint.hasConfigurationBeside else { return nil }
    return "config.json beside the file is not read: name the folder to take settings, labels and "
      + "preprocessing from it"
  }

  private var backboneOnly: String? {
    let count = match.leftOut.count
    guard weights.part == .backbone, count > 0 else { return nil }
    return "\(counted(count, "tensor")) of other parts \(count == 1 ? "is" : "are") left out"
  }
}
