import ByteIO
import ConvNeXtSchema
import Inspect
import TensorModel
import TestSupport
import Testing

@testable import Report

@Suite("Report page")
struct ReportPageTests {
  private func contents(
    _ architecture: Architecture? = Architecture(depths: [1, 2], widths: [8, 16], classes: 5),
    further: [Tensor] = [], imageSize: Int = 32
  ) throws -> ReportContents {
    let parameters = architecture?.parameters ?? []
    let model = try architecture.map { try SyntheticModel($0, naming: .canonical, seed: 2).tensors }
    let tensors = (model ?? []) + further
    let subjects = tensors.enumerated().map { index, tensor in
      HealthSubject(
        tensor, index < parameters.count ? .model(parameters[index]) : .besideModel)
    }
    let health = try ModelHealth(of: subjects)
    var contents = ReportContents(
      fileName: "a.pth", fileKind: "PyTorch zip", health: health,
      tensors: try tensors.enumerated().map { index, tensor in
        ReportTensor(
          tensor, parameter: index < parameters.count ? parameters[index] : nil,
          statistics: health.statistics[index], digest: try tensor.digest())
      }, tool: "tool 1")
    contents.summary = try architecture.map { try ModelSummary($0, imageSize: imageSize) }
    contents.modelName = architecture == nil ? nil : "ConvNeXt V1"
    return contents
  }

  private func tensor(_ name: TensorName, _ numbers: [Float]) throws -> Tensor {
    let bytes = numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
    }
    return try Tensor(
      name: name, elementType: .float32, shape: [numbers.count],
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  /// The text between two marks, which must be there once.
  private func text(_ html: String, from start: String, to end: String) throws -> String {
    let parts = html.split(separator: start, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "\(start) once")
    return String(try #require(parts[1].split(separator: end, maxSplits: 1).first))
  }

  @Test("the policy allows this page's own style and script, by their digests, and nothing else")
  func policy() throws {
    let html = ReportPage(try contents()).html
    let style = try text(html, from: "<style>", to: "</style>")
    let script = try text(html, from: "<script>", to: "</script>")
    let policy = try text(html, from: "Content-Security-Policy\" content=\"", to: "\">")
    func source(_ text: String) -> String {
      "&#39;sha256-\(base64(SHA256Digest(of: text).bytes))&#39;"
    }
    #expect(
      policy
        == "default-src &#39;none&#39;; style-src \(source(style)); script-src \(source(script)); "
        + "base-uri &#39;none&#39;; form-action &#39;none&#39;")
  }

  @Test("nothing is fetched, and there is no other script or style")
  func selfContained() throws {
    let html = ReportPage(try contents()).html
    for word in [
      "http:", "https:", "src=", "@import", "url(", "<link", "<iframe", " style=", "onclick",
      "<img",
    ] {
      #expect(!html.contains(word), "\(word)")
    }
  }

  @Test("the same contents give the same bytes")
  func deterministic() throws {
    let first = ReportPage(try contents()).html
    #expect(ReportPage(try contents()).html == first)
  }

  @Test("no text of a file becomes markup, wherever it stands")
  func hostileTexts() throws {
    let hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    var contents = try contents(further: [tensor(TensorName(hostile), [.nan, 1])])
    contents.fileName = hostile
    contents.fileKind = hostile
    contents.modelName = hostile
    contents.tool = hostile
    contents.facts = [ReportFact(hostile, hostile)]
    contents.provenance = [ReportFact(hostile, hostile)]
    contents.labels = [hostile]
    contents.preprocessing = "{\n\"\(hostile)\": 1\n}"
    let other = try tensor(TensorName(hostile), [1, 2])
    contents.comparison = ReportComparison(
      fileName: hostile, fileKind: hostile, facts: [ReportFact(hostile, hostile)],
      health: contents.health,
      diff: try ModelDiff(
        [tensor(TensorName(hostile), [2, 3]), tensor("only <a>", [1])],
        [other, tensor("only <b>", [1])], isModel: false, firstOther: [other],
        secondOther: [tensor("third", [1])]))
    let html = ReportPage(contents).html
    #expect(html.split(separator: "<script>").count == 2)
    #expect(!html.contains("<img"))
    #expect(!html.contains("<a>") && !html.contains("<b>"))
    let safe = ("\(hostile)" as Markup).html
    #expect(html.split(separator: safe).count > 15)
  }

  @Test("every section's heading is in the navigation, and every link leads somewhere")
  func links() throws {
    let html = ReportPage(try contents(further: [tensor("x", [.nan])])).html
    let targets = html.matches(
      of: try Regex("href=\"#([^\"]+)\"", as: (Substring, Substring).self)
    ).map { String($0.1) }
    let ids = html.matches(of: /\ id="([^"]+)"/).map { String($0.1) }
    #expect(targets.count > 8)
    #expect(Set(targets).isSubset(of: ids))
    #expect(ids.count == Set(ids).count)
    let titles = html.matches(of: /<h2[^>]*>([^<]+)</).map { String($0.1) }
    let nav = try text(html, from: "<nav aria-label=\"Sections\">", to: "</nav>")
    #expect(nav.matches(of: /<a [^>]*>([^<]+)</).map { String($0.1) } == titles)
    #expect(
      titles == [
        "Identity", "Health", "Architecture", "Costs by stage", "Layers", "Tensors",
        "Digests and provenance",
      ])
  }

  @Test("each arrow of the drawing has its shape, in both drawings")
  func drawing() throws {
    let html = ReportPage(try contents()).html
    let figure = try text(html, from: "<figure>", to: "</figure>")
    let shapes = figure.matches(of: /class="shape"[^>]*>([^<]+)</).map { String($0.1) }
    let expected = ["3×32×32", "8×8×8", "8×8×8", "16×4×4", "5"]
    #expect(shapes == expected + expected)
    // A line for each block of the two stages.
    #expect(figure.matches(of: /class="tick"/).count == 4)
    #expect(figure.contains("aria-label=\"The model from image to output: image 3 by 32 by 32"))
  }

  @Test("the block of version 2 has its global response norm, and no layer scale")
  func blockOfVersion2() throws {
    var architecture = Architecture(depths: [1], widths: [8], classes: nil)
    architecture.block.hasLayerScale = false
    architecture.block.hasGlobalResponseNorm = true
    let html = ReportPage(try contents(architecture)).html
    #expect(
      html.contains(
        "A block of stages.0: depthwise, norm, expand, GELU, grn, project; its input is added"))
  }

  @Test("every published size can be drawn", arguments: Variant.all.map(\.fullName))
  func variants(name: String) throws {
    var contents = try contents(nil)
    let architecture = try Variant.configuration(named: name).variant.architecture
    contents.summary = try ModelSummary(architecture, imageSize: 224)
    let html = ReportPage(contents).html
    let paths = html.matches(of: /\ d="([^"]*)"/).map(\.1)
    #expect(paths.count > 20)
    #expect(paths.allSatisfy { $0.allSatisfy { "MVHhvqlz0123456789.- \n".contains($0) } })
    #expect(html.matches(of: /<details/).count > architecture.stages.count)
  }

  @Test("parameters and MACs of every stage and layer are there, with a bar each")
  func costs() throws {
    let contents = try contents()
    let summary = try #require(contents.summary)
    let html = ReportPage(contents).html
    for stage in summary.stages {
      let percent = fixedPoint(
        100 * Double(stage.parameterCount) / Double(summary.parameterCount), decimals: 1)
      #expect(html.contains("<span>\(grouped(stage.parameterCount)) <small>\(percent) %</small>"))
    }
    let bars = html.matches(of: /<rect class="(parameters|macs)" width="([0-9.]+)%"/)
    #expect(bars.count == 2 * (summary.stages.count + summary.layers.count))
    #expect(bars.allSatisfy { (0...100).contains(Double($0.2) ?? -1) })
  }

  @Test("a histogram is an outline whose steps are the counts")
  func histogram() throws {
    let statistics = try #require(
      try TensorStatistics(of: tensor("x", [-1, 1, 1, 1, 1, 1, 1, 1, 1])))
    let drawing = try #require(HistogramDrawing(statistics, anchor: "t0"))
    #expect(
      drawing.small.html.contains(
        "d=\"M0 32V28h1" + String(repeating: "V32h1", count: 14) + "V0h1V32z\""))
    #expect(drawing.large.html.contains("aria-label=\"Histogram from -1 to 1: 1, 0, "))
    #expect(drawing.large.html.contains("class=\"zero\" d=\"M8 0V32\""))
    #expect(
      HistogramDrawing(try #require(try TensorStatistics(of: tensor("x", []))), anchor: "t") == nil)
  }

  @Test("a file without a model has a page, and so has an empty one")
  func noModel() throws {
    let html = ReportPage(try contents(nil, further: [tensor("x", [1, 2]), tensor("y", [.nan])]))
      .html
    #expect(html.contains("<h1>Not a ConvNeXt</h1>"))
    #expect(html.contains("No histogram: there is no finite element"))
    #expect(!html.contains("Architecture"))
    #expect(ReportPage(try contents(nil)).html.contains("Nothing was found."))
  }

  @Test("very many tensors are listed up to a limit, which is told")
  func manyTensors() throws {
    let tensors = try (0..<2005).map { try tensor(TensorName("t.\($0)"), [1, 2]) }
    let html = ReportPage(try contents(nil, further: tensors)).html
    #expect(html.matches(of: /<details class="tensor"/).count == ReportPage.tensorLimit)
    #expect(html.contains("and 5 more; <code>convnext tensors --stats</code> lists all."))
  }

  @Test("a comparison has a bar for each pair, the longest for the most different")
  func comparisonBars() throws {
    var contents = try contents(nil, further: [tensor("a", [3, 4])])
    contents.comparison = ReportComparison(
      fileName: "b", fileKind: "safetensors", facts: [], health: contents.health,
      diff: try ModelDiff(
        [tensor("a", [3, 4]), tensor("b", [3, 4]), tensor("c", [3, 4]), tensor("d", [0, 0])],
        [tensor("a", [3, 5]), tensor("b", [5, 4]), tensor("c", [3, 4]), tensor("d", [1, 0])],
        isModel: false))
    let html = ReportPage(contents).html
    let rows = html.matches(of: /<code>([abd])<\/code><\/th>.*width="([0-9.]+)%" height/)
    #expect(rows.map { "\($0.1) \($0.2)" } == ["b 100", "a 50", "d 100"])
    #expect(html.contains("<strong>different: 3 of 4 tensors differ</strong>"))
  }

  @Test("the documents say how much is listed")
  func documentedLimits() throws {
    let sentence =
      "It lists up to \(grouped(ReportPage.tensorLimit)) tensors, \(grouped(ReportPage.layerLimit)) "
      + "layers of a stage, \(grouped(ReportPage.labelLimit)) labels, \(ReportPage.lineLimit) lines of "
      + "preprocessing, \(ReportPage.pairLimit) pairs of a comparison and \(ReportPage.rowLimit) "
      + "findings of a rule, and says how many more there are; it draws up to "
      + "\(ReportPage.stageLimit) stages, and cuts texts after \(grouped(Markup.textLimit)) characters."
    #expect(try Document("docs/command-line.md").text.contains(sentence))
  }

  @Test("a part of a model, with stages without blocks, has a page")
  func partialModel() throws {
    var contents = try contents(nil)
    contents.summary = try ModelSummary(
      Architecture(depths: [0, 0, 1, 1], widths: [1, 1, 1, 8], classes: nil), imageSize: 64)
    let html = ReportPage(contents).html
    #expect(html.contains("aria-label=\"A block of stages.2: depthwise, norm"))
    #expect(html.contains("aria-label=\"A block of stages.3: depthwise, norm"))
    #expect(!html.contains("A block of stages.0"))
    contents.summary = try ModelSummary(
      Architecture(stages: [], head: .init(classes: nil)), imageSize: 64)
    #expect(ReportPage(contents).html.hasSuffix("</html>\n"))
  }

  @Test("very many stages are not drawn")
  func manyStages() throws {
    var architecture = Architecture(
      depths: Array(repeating: 1, count: 13), widths: Array(repeating: 4, count: 13), classes: 2)
    architecture.downsampleKernelSize = 1
    let html = ReportPage(try contents(architecture)).html
    #expect(html.contains("13 stages are too many to draw."))
  }
}
