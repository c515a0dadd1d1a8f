import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import NativeFormat
import TensorModel
import TorchFormat

/// `inspect` for people: a line for each thing that is known, then the stages, then the layers.
struct InspectText {
  private var lines: [String] = []

  var text: String { lines.joined(separator: "\n") + "\n" }

  init(summary: ModelSummary, showsLayers: Bool) {
    lines.append(
      "\(summary.variant?.fullName ?? "convnext")   a configuration; sizes are those of F32")
    add("model", Self.model(summary.architecture))
    add("head", Self.head(summary.architecture))
    add("features", summary.architecture.features.joined(separator: ", "))
    add(
      "tensors",
      "\(summary.architecture.parameters.count), \(grouped(summary.parameterCount)) parameters, "
        + readableByteCount(summary.byteCount))
    addCosts(summary, showsLayers: showsLayers)
  }

  init(_ inspection: Inspection, file: String, extra: ExtraContent?, showsLayers: Bool) {
    let checkpoint = inspection.checkpoint
    lines.append(
      "\(escaped(file))   \(Self.container(checkpoint)), "
        + readableByteCount(checkpoint.fileByteCount)
        + (checkpoint.files.count > 1 ? " in \(checkpoint.files.count) shards" : ""))
    if let match = inspection.match {
      addModel(match, inspection)
    } else {
      add("model", "not a ConvNeXt: no tensor has the name and shape of its depthwise convolution")
      add(
        "tensors",
        "\(checkpoint.tensors.count)"
          + (checkpoint.tensors.isEmpty
            ? "" : ", \(ElementTypeCounts(checkpoint.tensors).sentence), ")
          + readableByteCount(checkpoint.tensorByteCount))
    }
    if let quantization = inspection.quantization { add("codes", Self.quantization(quantization)) }
    if let first = checkpoint.unsupportedTensors.first {
      let others = checkpoint.unsupportedTensors.count - 1
      add(
        "unread",
        "\(quoted(first.name)): \(escaped(first.description, limit: 120))"
          + (others > 0 ? ", and \(others) more; 'convnext tensors' lists them" : ""))
    }
    if let source = checkpoint.native?.header.source {
      add(
        "source",
        "\(escaped(source.fileName)) (\(source.container), \(source.naming ?? "unknown") names)")
      if let digest = source.sha256 { add("", "SHA-256 \(digest.hex)") }
    }
    if let torch = checkpoint.torch {
      let inert = torch.globals.filter { $0.verdict != .data }
      let names = Set(inert.map(\.qualifiedName)).sorted().map { escaped($0, limit: 60) }
      add(
        "safety",
        "nothing was executed; "
          + (inert.isEmpty
            ? "the pickle asks for tensors and plain values only"
            : "kept as plain values: " + names.joined(separator: ", ")))
    }
    if let digest = inspection.fileDigest { add("sha256", digest.hex) }
    if let digest = inspection.contentDigest { add("content", digest.hex) }
    if let summary = inspection.summary { addCosts(summary, showsLayers: showsLayers) }
    if let extra { addExtra(extra) }
  }

  private mutating func addExtra(_ extra: ExtraContent) {
    lines.append("")
    guard let tree = extra.tree else {
      lines.append("nothing beside tensors: only PyTorch files hold other values")
      return
    }
    lines += ExtraText(tree).lines
    if extra.isCut { lines.append("and more values, which are not shown") }
  }

  private mutating func addModel(_ match: ModelMatch, _ inspection: Inspection) {
    let checkpoint = inspection.checkpoint
    let candidate = match.candidate
    let architecture = match.architecture
    add("model", Self.model(architecture))
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
        + ", \(grouped(tensors.reduce(0) { $0 + $1.elementCount })) parameters, "
        + readableByteCount(tensors.reduce(0) { $0 + $1.byteCount }))
    for (index, part) in checkpoint.parts(beside: match).prefix(12).enumerated() {
      add(
        index == 0 ? "beside" : "",
        "leaving out \(quoted(part.name)) saves \(readableByteCount(part.byteCount)) "
          + "(\(part.tensorCount) tensors)")
    }
    if inspection.candidates.count > 1 {
      add("choice", CandidateChoice(inspection.candidates).sentence)
    }
    add("evidence", inspection.evidence.joined(separator: "; "))
    let doubts = inspection.doubts + match.problems.map(\.sentence)
    for (index, doubt) in doubts.prefix(12).enumerated() {
      add(index == 0 ? "doubts" : "", doubt)
    }
    if doubts.count > 12 { add("", "and \(doubts.count - 12) more") }
  }

  private mutating func addCosts(_ summary: ModelSummary, showsLayers: Bool) {
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
    lines.append("")
    lines.append(Self.stageTable(summary))
    if showsLayers { lines.append(Self.layerTable(summary)) }
    lines[lines.count - 1].removeLast()
  }

  private mutating func add(_ key: String, _ value: String) {
    lines.append("  " + key + String(repeating: " ", count: max(0, 10 - key.count)) + value)
  }

  private static func container(_ checkpoint: Checkpoint) -> String {
    switch checkpoint.container {
    case .pytorchZip: "PyTorch zip, pickle protocol \(checkpoint.torch?.pickleProtocol ?? 2)"
    case .pytorchLegacy:
      "PyTorch before 1.6, pickle protocol \(checkpoint.torch?.pickleProtocol ?? 2)"
    case .pytorchTar: "PyTorch tar"
    case .torchScript: "TorchScript"
    case .safetensors: "safetensors"
    case .convnext: ".convnext"
    }
  }

  private static func model(_ architecture: Architecture) -> String {
    let variant = Variant(of: architecture)
    let list = { (values: [Int]) in values.map(String.init).joined(separator: ",") }
    return "ConvNeXt V\(architecture.version) \(variant?.name ?? "of a custom size") "
      + "(depths \(list(architecture.depths)); widths \(list(architecture.widths)))"
  }

  private static func quantization(_ summary: QuantizationSummary) -> String {
    let schemes = summary.schemes.map { "\($0.tensorCount) tensors as \($0.scheme.rawValue)" }
    let types = summary.sourceTypes.map(\.name).joined(separator: " and ")
    return schemes.joined(separator: ", ") + ", which were \(types); "
      + "\(grouped(summary.scaleCount)) scales beside them, "
      + readableByteCount(summary.scaleByteCount)
  }

  private static func head(_ architecture: Architecture) -> String {
    architecture.head.classes.map { "\($0) classes" } ?? "none"
  }

  private static func stageTable(_ summary: ModelSummary) -> String {
    var table = TextTable([
      ("STAGE", .left), ("BLOCKS", .right), ("PARAMETERS", .right), ("%", .right),
      ("SIZE", .right), ("MACS", .right), ("%", .right), ("OUTPUT", .left),
    ])
    let percent = { (part: Int, whole: Int) in
      whole == 0 ? "-" : fixedPoint(100 * Double(part) / Double(whole), decimals: 1)
    }
    for stage in summary.stages {
      table.append([
        stage.name, stage.blockCount == 0 ? "-" : String(stage.blockCount),
        grouped(stage.parameterCount), percent(stage.parameterCount, summary.parameterCount),
        readableByteCount(stage.byteCount), readableCount(stage.macs),
        percent(stage.macs, summary.macs), readableMap(stage.outputShape),
      ])
    }
    table.append([
      "total", String(summary.architecture.depths.reduce(0, +)), grouped(summary.parameterCount),
      "100.0", readableByteCount(summary.byteCount), readableCount(summary.macs), "100.0", "",
    ])
    return table.aligned(columnCount: nil)
  }

  /// Channels, height and width; of a single position only its channels.
  private static func readableMap(_ shape: [Int]) -> String {
    readableShape(shape.count == 3 && shape[1] == 1 && shape[2] == 1 ? [shape[0]] : shape)
  }

  private static func layerTable(_ summary: ModelSummary) -> String {
    var table = TextTable([
      ("LAYER", .left), ("KIND", .left), ("PARAMETERS", .right), ("MACS", .right),
      ("INPUT", .left), ("OUTPUT", .left), ("KERNEL", .left), ("GROUPS", .right),
    ])
    for layer in summary.layers {
      let kernel = layer.convolution.map {
        "\($0.kernelSize)x\($0.kernelSize)" + ($0.stride > 1 ? " stride \($0.stride)" : "")
      }
      table.append([
        layer.name, layer.kind, grouped(layer.parameterCount), grouped(layer.macs),
        readableMap(layer.inputShape), readableMap(layer.outputShape), kernel ?? "-",
        layer.convolution.map { String($0.groups) } ?? "-",
      ])
    }
    return table.aligned(columnCount: nil)
  }
}
