import ByteIO
import ConvNeXtSchema
import Inspect

extension ReportPage {
  /// A table with a bar for the parameters and MACs of each stage.
  var stages: Section? {
    guard let summary = contents.summary else { return nil }
    let rows = summary.stages.map { stage -> Markup in
      """
      <tr><th scope="row">\(stage.name)</th>\
      <td class="number">\(stage.blockCount == 0 ? "–" : String(stage.blockCount))</td>\
      \(Self.share(stage.parameterCount, of: summary.parameterCount, text: grouped(stage.parameterCount)))\
      \(Self.share(stage.macs, of: summary.macs, text: readableCount(stage.macs), kind: "macs"))\
      <td class="number size">\(readableByteCount(stage.byteCount))</td>\
      <td class="shape">\(mapText(stage.outputShape))</td></tr>
      """
    }
    let total = summary.architecture.depths.reduce(0, +)
    let body: Markup = """
      <div class="scroll" role="region" aria-label="Costs by stage" tabindex="0">
      <table class="costs">
      <caption>Parameters and multiply-adds by stage, for an image of \
      \(mapText([summary.architecture.inputChannels, summary.imageSize, summary.imageSize]))</caption>
      <thead><tr><th scope="col">Stage</th><th scope="col" class="number">Blocks</th>\
      <th scope="col">Parameters</th><th scope="col">MACs</th>\
      <th scope="col" class="number size">Size</th><th scope="col">Output</th></tr></thead>
      <tbody>
      \(rows)
      </tbody>
      <tfoot><tr><th scope="row">total</th><td class="number">\(total)</td>\
      <td>\(grouped(summary.parameterCount))</td><td>\(readableCount(summary.macs))</td>\
      <td class="number size">\(readableByteCount(summary.byteCount))</td><td></td></tr></tfoot>
      </table>
      </div>
      """
    return Section(anchor: "stages", title: "Costs by stage", body: body)
  }

  /// The same for each layer, stage by stage.
  var layers: Section? {
    guard let summary = contents.summary else { return nil }
    let mostParameters = summary.layers.map(\.parameterCount).max() ?? 0
    let mostMACs = summary.layers.map(\.macs).max() ?? 0
    let byStage = Dictionary(grouping: summary.layers, by: \.part)
    let groups = summary.stages.map { stage -> Markup in
      let prefix = "\(stage.name)."
      let layers = byStage[stage.name] ?? []
      let rows = layers.prefix(Self.layerLimit).map { layer -> Markup in
        """
        <tr><th scope="row"><code>\(String(layer.name.dropFirst(prefix.count)))</code></th>\
        <td>\(Self.kind(of: layer))</td>\
        <td class="shape">\(mapText(layer.inputShape)) → \(mapText(layer.outputShape))</td>\
        \(Self.bar(layer.parameterCount, of: mostParameters, text: grouped(layer.parameterCount)))\
        \(Self.bar(layer.macs, of: mostMACs, text: layer.macs == 0 ? "–" : readableCount(layer.macs), kind: "macs"))</tr>
        """
      }
      return """
        <details>
        <summary><span class="name">\(stage.name)</span> <span class="soft">\(layers.count == 1 ? "1 layer" : "\(layers.count) layers"), \
        \(grouped(stage.parameterCount)) parameters, \(readableCount(stage.macs)) MACs</span></summary>
        <div class="scroll" role="region" aria-label="Layers of \(stage.name)" tabindex="0">
        <table class="costs layers">
        <caption class="hidden">Layers of \(stage.name)</caption>
        <thead><tr><th scope="col">Layer</th><th scope="col">Kind</th><th scope="col">Shapes</th>\
        <th scope="col">Parameters</th><th scope="col">MACs</th></tr></thead>
        <tbody>
        \(rows)
        </tbody>
        </table>
        </div>
        \(Self.rest(layers.count, beyond: Self.layerLimit).map { "<p>\($0)</p>" as Markup })
        </details>
        """
    }
    let body: Markup = """
      <p>Bars are relative to the largest layer of the model. Activations and additions hold nothing \
      and are not listed.</p>
      \(groups)
      """
    return Section(anchor: "layers", title: "Layers", body: body)
  }

  private static func kind(of layer: Layer) -> String {
    guard let convolution = layer.convolution else {
      return layer.kind.title
    }
    let isDepthwise = convolution.groups > 1 && convolution.groups == convolution.inputs
    return "\(convolution.kernelSize)×\(convolution.kernelSize) "
      + (isDepthwise ? "depthwise conv" : "conv")
      + (convolution.stride > 1 ? ", stride \(convolution.stride)" : "")
  }

  /// A cell with a number, its share of the whole, and a bar.
  private static func share(
    _ part: Int, of whole: Int, text: String, kind: String = "parameters"
  ) -> Markup {
    let percent =
      whole == 0 ? "–" : fixedPoint(100 * Double(part) / Double(whole), decimals: 1) + " %"
    return """
      <td class="bar"><span>\(text) <small>\(percent)</small></span>\(rectangle(part, of: whole, kind: kind))</td>
      """
  }

  /// A cell with a number and a bar.
  private static func bar(
    _ part: Int, of most: Int, text: String, kind: String = "parameters"
  ) -> Markup {
    "<td class=\"bar\"><span>\(text)</span>\(rectangle(part, of: most, kind: kind))</td>"
  }

  private static func rectangle(_ part: Int, of whole: Int, kind: String) -> Markup {
    rectangle(whole == 0 ? 0 : Double(part) / Double(whole), kind: kind)
  }

  /// A bar over a part of a cell's width, 0 to 1.
  static func rectangle(_ share: Double, kind: String) -> Markup {
    let percent = 100 * share
    return """
      <svg aria-hidden="true" width="100%" height="6"><rect class="track" width="100%" height="6"/>\
      <rect class="\(kind)" width="\(percent)%" height="6"/></svg>
      """
  }
}
