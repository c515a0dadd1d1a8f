import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import NativeFormat
import Report
import TensorModel
import TorchFormat

/// What is known about a checkpoint, as labelled sentences; texts from the file are escaped.
struct InspectFacts {
  /// The facts in order; one without a label continues the one before it.
  private(set) var facts: [ReportFact] = []

  /// What is known about a size without a file.
  init(summary: ModelSummary) {
    add("model", Self.model(summary.architecture, summary.variant))
    add("head", Self.head(summary.architecture))
    add("features", summary.architecture.features.joined(separator: ", "))
    add(
      "tensors",
      "\(summary.tensorCount), \(grouped(summary.parameterCount)) parameters, "
        + readableByteCount(summary.byteCount))
    addCosts(summary)
  }

  /// - Parameter withProvenance: Whether the facts include the source of a `.convnext` file and
  ///   digests.
  init(_ inspection: Inspection, withProvenance: Bool = true) {
    let checkpoint = inspection.checkpoint
    if let match = inspection.match {
      addModel(match, inspection)
    } else {
      add("model", Self.noModel(inspection.noModel))
      add(
        "tensors",
        "\(checkpoint.tensors.count)"
          + (checkpoint.tensors.isEmpty
            ? "" : ", \(ElementTypeCounts(checkpoint.tensors).sentence)")
          + ", " + readableByteCount(checkpoint.tensorByteCount))
    }
    if let quantization = inspection.quantization { add("codes", Self.quantization(quantization)) }
    if let first = checkpoint.unsupportedTensors.first {
      let others = checkpoint.unsupportedTensors.count - 1
      add(
        "unread",
        "\(quoted(first.name)): \(escaped(first.description, limit: 120))"
          + (others > 0 ? ", and \(others) more; 'convnext tensors' lists them" : ""))
    }
    if withProvenance, let source = checkpoint.native?.header.source {
      add(
        "source",
        "\(escaped(source.fileName, limit: 120)) (\(escaped(source.container, limit: 120)), "
          + "\(escaped(source.naming ?? "unknown", limit: 120)) names)")
      if let digest = source.sha256 { add("", "SHA-256 \(digest.hex)") }
    }
    if !checkpoint.torchFiles.isEmpty {
      let inert = checkpoint.torchFiles.flatMap(\.globals).filter { $0.verdict != .data }
      let asks = checkpoint.torchFiles.count == 1 ? "the pickle asks" : "the pickles ask"
      add(
        "safety",
        "nothing was executed; "
          + (inert.isEmpty
            ? "\(asks) for tensors and plain values only"
            : "kept as plain values: " + InertNames(inert.map(\.qualifiedName)).sentence))
    }
    let names = checkpoint.namesBesideTensors
    if !names.isEmpty { add("extra", "\(quotedList(names)); 'inspect --extra' shows them") }
    addTexts(inspection)
    if let digest = inspection.fileDigest { add("sha256", digest.hex) }
    if withProvenance, let digest = inspection.contentDigest { add("content", digest.hex) }
    if let summary = inspection.summary { addCosts(summary) }
  }

  private mutating func addModel(_ match: ModelMatch, _ inspection: Inspection) {
    let checkpoint = inspection.checkpoint
    let candidate = match.candidate
    let architecture = match.architecture
    add("model", Self.model(architecture, inspection.summary?.variant) + Self.faults(of: match))
    add(
      "naming",
      candidate.title
        + (candidate.wrapper.map { ", in the dictionary \(quoted($0))" } ?? "")
        + (candidate.prefix.isEmpty ? "" : ", each after \(quoted(candidate.prefix))"))
    add("head", Self.head(architecture))
    add("features", architecture.features.joined(separator: ", "))
    let tensors = match.tensors.map { checkpoint.tensors[$0.inputIndex] }
    add(
      "tensors",
      "\(tensors.count)"
        + (tensors.isEmpty ? "" : ", \(ElementTypeCounts(tensors).sentence)")
        + ", \(grouped(tensors.saturatingSum { $0.elementCount })) parameters, "
        + readableByteCount(tensors.saturatingSum { $0.byteCount }))
    addList(
      "beside",
      checkpoint.parts(beside: match).map { part in
        "leaving out \(quoted(part.name)) saves \(readableByteCount(part.byteCount)) "
          + "(\(counted(part.tensorCount, "tensor")))"
      })
    if inspection.candidates.count > 1 {
      add("choice", CandidateChoice(inspection.candidates).sentence)
    }
    add("evidence", inspection.evidence.joined(separator: "; "))
    addList("doubts", inspection.doubts + match.problems.map(\.sentence))
  }

  private static func noModel(_ reason: SchemaError?) -> String {
    if reason == .sparseModel { return SchemaError.sparseModel.message }
    let sentence = "not a ConvNeXt: no tensor has the name and shape of its depthwise convolution"
    guard case .noModel(_, let misplaced, let replaced)? = reason else { return sentence }
    if let misplaced {
      return "\(sentence); \(misplaced.sentence) (--rules FILE gives other names)"
    }
    return sentence + (replaced.map { "; \($0.sentence): \($0.hint)" } ?? "")
  }

  /// How many lines are shown of a list that a file can make arbitrarily long.
  private static let listedLineCount = 12

  /// Adds the first of some lines under one name, and how many more there are.
  private mutating func addList(_ name: String, _ lines: [String]) {
    for (index, line) in lines.prefix(Self.listedLineCount).enumerated() {
      add(index == 0 ? name : "", line)
    }
    let rest = lines.count - Self.listedLineCount
    if rest > 0 { add("", "and \(rest) more") }
  }

  /// What the file or its folder says besides the weights.
  private mutating func addTexts(_ inspection: Inspection) {
    let checkpoint = inspection.checkpoint
    let size = checkpoint.native?.header.model.imageSize ?? checkpoint.folder?.imageSize
    let images = [
      size.map { "\($0)x\($0)" },
      inspection.preprocessing == nil ? nil : "how they are prepared is known, and in --json",
    ].compactMap { $0 }
    if !images.isEmpty { add("images", images.joined(separator: "; ")) }
    if let labels = inspection.labels {
      let shown = labels.prefix(4).map { quoted($0) }.joined(separator: ", ")
      add("labels", "\(labels.count): \(shown)" + (labels.count > 4 ? " and so on" : ""))
    }
  }

  private mutating func addCosts(_ summary: ModelSummary) {
    let side = summary.imageSize
    add(
      "compute",
      "\(readableCount(summary.macs))MACs (\(readableCount(summary.flops))FLOPs) for an image of "
        + "\(summary.architecture.inputChannels)x\(side)x\(side)")
    for convention in CostConvention.allCases {
      if let cost = convention.cost(of: summary.layers) {
        add("", "\(grouped(cost)) as \(convention.rawValue) counts")
      }
    }
  }

  private mutating func add(_ label: String, _ value: String) {
    facts.append(ReportFact(label, value))
  }

  /// The file in words: what kind it is, and its size.
  static func file(_ checkpoint: Checkpoint) -> String {
    "\(container(checkpoint)), \(readableByteCount(checkpoint.fileByteCount))"
      + (checkpoint.files.count > 1 ? " in \(checkpoint.files.count) shards" : "")
  }

  private static func quantization(_ summary: QuantizationSummary) -> String {
    let schemes = summary.schemes.map {
      "\(counted($0.tensorCount, "tensor")) as \($0.scheme.rawValue)"
    }
    let types = summary.sourceTypes.map(\.name).joined(separator: " and ")
    return schemes.joined(separator: ", ") + ", which were \(types); "
      + "\(grouped(summary.scaleCount)) scales beside them, "
      + readableByteCount(summary.scaleByteCount)
  }

  private static func pickleProtocols(_ checkpoint: Checkpoint) -> String {
    let protocols = Set(checkpoint.torchFiles.map(\.pickleProtocol)).sorted().map(String.init)
    return (protocols.count == 1 ? "pickle protocol " : "pickle protocols ")
      + protocols.joined(separator: ", ")
  }

  private static func container(_ checkpoint: Checkpoint) -> String {
    switch checkpoint.container {
    case .pytorchZip: "PyTorch zip, \(pickleProtocols(checkpoint))"
    case .pytorchLegacy: "PyTorch before 1.6, \(pickleProtocols(checkpoint))"
    case .pytorchTar: "PyTorch tar"
    case .torchScript: "TorchScript"
    case .safetensors: "safetensors"
    case .convnext: ".convnext"
    }
  }

  private static func model(_ architecture: Architecture, _ variant: Variant?) -> String {
    let list = { (values: [Int]) in values.map(String.init).joined(separator: ",") }
    return "ConvNeXt V\(architecture.version) \(variant?.name ?? "of a custom size") "
      + "(depths \(list(architecture.depths)); widths \(list(architecture.widths)))"
  }

  /// What keeps a model from being whole, to follow its name; empty if it only has extra tensors.
  private static func faults(of match: ModelMatch) -> String {
    let missing = match.problems.count(where: \.isMissing)
    let wrong = match.problems.count { if case .wrongShape = $0 { true } else { false } }
    let unreadable = match.problems.count(where: \.isUnreadable)
    let extra = match.problems.count(where: \.isExtra)
    let parts = [(missing, "missing"), (wrong, "of another shape"), (extra, "too much")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    let faults = [
      missing + wrong == 0 ? nil : "of its \(match.architecture.tensorCount) tensors \(parts)",
      unreadable == 0 ? nil : "\(counted(unreadable, "tensor")) that cannot be read",
    ].compactMap(\.self)
    return faults.isEmpty ? "" : "; not whole: " + faults.joined(separator: "; ")
  }

  private static func head(_ architecture: Architecture) -> String {
    architecture.head.classes.map { $0 == 1 ? "1 class" : "\($0) classes" } ?? "none"
  }
}
