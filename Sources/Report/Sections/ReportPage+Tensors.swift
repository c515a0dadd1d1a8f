import ByteIO
import ConvNeXtSchema
import Inspect
import TensorModel

extension ReportPage {
  /// The anchors of the tensors that are listed.
  var tensorAnchors: [TensorName: String] {
    var anchors: [TensorName: String] = [:]
    for (index, tensor) in contents.tensors.prefix(Self.tensorLimit).enumerated() {
      anchors[tensor.info.name] = "t\(index)"
    }
    return anchors
  }

  /// Every tensor with its histogram, stage by stage.
  var tensors: Section? {
    guard !contents.tensors.isEmpty else { return nil }
    let listed = contents.tensors.prefix(Self.tensorLimit)
    var order: [String] = []
    var groups: [String: [Markup]] = [:]
    for (index, tensor) in listed.enumerated() {
      let group = groupName(of: tensor)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(Self.markup(of: tensor, anchor: "t\(index)"))
    }
    let parts = order.map { name -> Markup in
      """
      <div class="group"><h3>\(name) <span class="soft">\(groups[name]?.count ?? 0)</span></h3>
      \(groups[name] ?? [])
      </div>
      """
    }
    let body: Markup = """
      <p>Each line opens to a histogram of the finite elements, in 16 intervals from the smallest to \
      the largest, and the figures.</p>
      <div class="controls" hidden>
      <label>Filter by name <input type="search" autocomplete="off" spellcheck="false"></label>
      <button type="button">Open all</button> <button type="button">Close all</button>
      <span role="status"></span>
      </div>
      \(parts)
      \(Self.rest(contents.tensors.count, beyond: Self.tensorLimit).map { "<p>\($0); <code>convnext tensors --stats</code> lists all.</p>" as Markup })
      """
    return Section(anchor: "tensors", title: "Tensors", body: body)
  }

  private func groupName(of tensor: ReportTensor) -> String {
    guard let parameter = tensor.parameter else {
      return contents.modelName == nil ? "all tensors" : "beside the model"
    }
    return parameter.part
  }

  private static func markup(of tensor: ReportTensor, anchor: String) -> Markup {
    let info = tensor.info
    let histogram = tensor.statistics.flatMap { HistogramDrawing($0, anchor: anchor) }
    return """
      <details class="tensor" id="\(anchor)">
      <summary>\(histogram?.small ?? HistogramDrawing.none)<code>\(info.name.string)</code>\
      <span class="soft">\(described(info))</span></summary>
      <div class="figure">
      \(histogram?.large ?? "<p class=\"soft\">No histogram: \(tensor.statistics == nil ? "the elements are complex or packed" : "there is no finite element").</p>")
      \(figures(of: tensor))
      </div>
      </details>
      """
  }

  private static func figures(of tensor: ReportTensor) -> Markup {
    var rows: [(label: String, value: String)] = [
      ("elements", grouped(tensor.elementCount)), ("bytes", grouped(tensor.byteCount)),
    ]
    if let statistics = tensor.statistics {
      let figure = { (value: Double?) in value.map { readableFigure($0) } ?? "–" }
      rows += [
        ("min", figure(statistics.minimum)), ("max", figure(statistics.maximum)),
        ("mean", figure(statistics.mean)), ("std", figure(statistics.standardDeviation)),
        ("zeros", grouped(statistics.zeroCount)),
        ("subnormals", grouped(statistics.subnormalCount)),
        ("NaN", grouped(statistics.nanCount)), ("infinite", grouped(statistics.infinityCount)),
      ]
    }
    var items = rows.map { "<div><dt>\($0.label)</dt><dd>\($0.value)</dd></div>" as Markup }
    if tensor.isQuantized {
      items.append(
        "<div class=\"wide\"><dt>figures</dt><dd>of the dequantized numbers</dd></div>"
      )
    }
    if let parameter = tensor.parameter, parameter.name != tensor.info.name.string {
      items.append(
        "<div class=\"wide\"><dt>canonical name</dt><dd><code>\(parameter.name)</code></dd></div>")
    }
    items.append(
      "<div class=\"wide\"><dt>SHA-256</dt><dd><code>\(tensor.digest.hex)</code></dd></div>")
    return "<dl class=\"statistics\">\(items)</dl>"
  }
}
