import ByteIO
import ConvNeXtSchema
import Inspect

extension ReportPage {
  /// The model as a drawing, and a block of each stage.
  var architecture: Section? {
    guard let summary = contents.summary else { return nil }
    guard summary.architecture.stages.count <= Self.stageLimit else {
      let note: Markup =
        "<p>\(grouped(summary.architecture.stages.count)) stages are too many to draw.</p>"
      return Section(anchor: "architecture", title: "Architecture", body: note)
    }
    let blocks = summary.stages.indices.filter { summary.stages[$0].blockCount > 0 }
    let details = blocks.enumerated().map { place, index -> Markup in
      let stage = summary.stages[index]
      return """
        <details\(place == 0 ? " open" : "" as Markup)>
        <summary><span class="name">\(stage.name)</span> <span class="soft">\
        \(stage.blockCount == 1 ? "its only block" : "one of its \(stage.blockCount) blocks")</span></summary>
        \(blockDrawing(summary, stage: stage.name).markup)
        </details>
        """
    }
    let body: Markup = """
      <figure>
      \(modelDrawing(summary).markup)
      <figcaption>The shape at each arrow is channels × height × width. Boxes grow with resolution \
      and channels; each line in a box is a block.</figcaption>
      </figure>
      <h3>Blocks</h3>
      \(details)
      """
    return Section(anchor: "architecture", title: "Architecture", body: body)
  }

  private func modelDrawing(_ summary: ModelSummary) -> FlowDrawing {
    let input = [summary.architecture.inputChannels, summary.imageSize, summary.imageSize]
    // A part of a model may have stages without layers.
    let stages = summary.stages.filter { !$0.outputShape.isEmpty }
    let shapes = [input] + stages.map(\.outputShape)
    let mostChannels = shapes.compactMap(\.first).max() ?? 1
    var nodes = [FlowDrawing.Node(title: "image", isDot: true)]
    nodes += stages.map { stage in
      FlowDrawing.Node(
        title: stage.name, notes: Self.notes(stage, summary),
        side: Self.relative(stage.outputShape.last ?? 1, to: summary.imageSize),
        channels: stage.name == "head"
          ? 0.1 : Self.relative(stage.outputShape.first ?? 1, to: mostChannels),
        tickCount: stage.blockCount)
    }
    nodes.append(
      FlowDrawing.Node(
        title: summary.architecture.head.classes == nil ? "features" : "logits", isDot: true))
    let words = zip(["image"] + stages.map(\.name), shapes).map {
      "\($0) \($1.map(String.init).joined(separator: " by "))"
    }
    return FlowDrawing(
      label: "The model from image to output: " + words.joined(separator: ", then "),
      nodes: nodes, shapes: shapes.map { mapText($0) })
  }

  private static func notes(_ stage: ModelSummary.Stage, _ summary: ModelSummary) -> [String] {
    let size = readableCount(stage.parameterCount)
    if stage.blockCount > 0 {
      return [stage.blockCount == 1 ? "1 block" : "\(stage.blockCount) blocks", size]
    }
    let kernels = summary.layers.filter { $0.name.hasPrefix("\(stage.name).") }.compactMap {
      $0.convolution.map { "\($0.kernelSize)×\($0.kernelSize)" }
    }
    return (kernels.isEmpty ? [] : [kernels.joined(separator: ", ") + " conv"]) + [size]
  }

  /// The logarithm of a number divided by that of the largest one.
  private static func relative(_ value: Int, to largest: Int) -> Double {
    largest > 1 ? binaryLogarithm(max(1, value)) / binaryLogarithm(largest) : 0
  }

  /// Good enough for a drawing, and the same on every system: straight lines between powers of two.
  private static func binaryLogarithm(_ value: Int) -> Double {
    let number = Double(value)
    return Double(number.exponent) + number.significand - 1
  }

  private func blockDrawing(_ summary: ModelSummary, stage: String) -> FlowDrawing {
    let prefix = "\(stage).blocks.0."
    let layers = summary.layers.filter { $0.name.hasPrefix(prefix) }
    var nodes = [FlowDrawing.Node(title: "in", isDot: true)]
    let input = layers.first?.inputShape ?? []
    var shapes = [input]
    func add(_ title: String, _ note: String, _ shape: [Int]) {
      nodes.append(
        FlowDrawing.Node(
          title: title, notes: [note], side: 0.3,
          channels: max(0, Self.relative(shape.first ?? 1, to: 4 * (input.first ?? 1)) - 0.4)))
      shapes.append(shape)
    }
    for layer in layers {
      let note =
        layer.convolution.map { "\($0.kernelSize)×\($0.kernelSize)" }
        ?? layer.kind.title
      add(
        String(layer.name.dropFirst(prefix.count).replacing("_", with: " ")), note,
        layer.outputShape)
      if layer.module.role == .expand {
        let activation = summary.architecture.block.activation
        let isUsual = activation == Architecture.Block.usualActivation
        add(isUsual ? "GELU" : activation, "activation", layer.outputShape)
      }
    }
    nodes.append(FlowDrawing.Node(title: "sum", isDot: true))
    let texts = shapes.enumerated().map { index, shape in
      index > 0 && shapes[index - 1] == shape && index < shapes.count - 1 ? "" : mapText(shape)
    }
    return FlowDrawing(
      label: "A block of \(stage): "
        + nodes.dropFirst().dropLast().map(\.title).joined(separator: ", ")
        + "; its input is added to what comes out",
      nodes: nodes, shapes: texts, hasBypass: true)
  }
}
