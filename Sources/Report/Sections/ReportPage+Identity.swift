import ByteIO
import Inspect

extension ReportPage {
  /// The figures that people ask for first.
  var keyFigures: Markup {
    var figures: [(value: String, label: String)] = []
    let ofModel = contents.tensors.filter { $0.parameter != nil }
    let tensors = contents.modelName == nil ? contents.tensors : ofModel
    let parameterCount = tensors.saturatingSum { $0.elementCount }
    figures.append((readableCount(parameterCount), "parameters"))
    if let summary = contents.summary {
      figures.append(
        (readableCount(summary.macs), "MACs at \(summary.imageSize) × \(summary.imageSize)"))
    }
    figures.append((readableByteCount(tensors.saturatingSum { $0.byteCount }), "of weights"))
    figures.append((grouped(tensors.count), tensors.count == 1 ? "tensor" : "tensors"))
    let items = figures.map { figure -> Markup in
      "<div><dd>\(figure.value)</dd><dt>\(figure.label)</dt></div>"
    }
    return "<dl class=\"figures\">\(items)</dl>"
  }

  /// What the file is.
  var identity: Section? {
    Section(anchor: "identity", title: "Identity", body: Self.list(contents.facts))
  }

  /// Facts as a list of terms; those that continue the one before are under its term.
  static func list(_ facts: [ReportFact]) -> Markup {
    var items: [Markup] = []
    for fact in facts {
      items.append(
        fact.label.isEmpty
          ? "<dd>\(fact.value)</dd>" : "<dt>\(fact.label)</dt><dd>\(fact.value)</dd>")
    }
    return "<dl class=\"facts\">\(items)</dl>"
  }

  /// The classes' names and how images are prepared.
  var labels: Section? {
    var parts: [Markup] = []
    if let labels = contents.labels {
      let items = labels.prefix(Self.labelLimit).map { "<li>\($0)</li>" as Markup }
      parts.append(
        """
        <details><summary>\(grouped(labels.count)) labels, counted from 0</summary>
        <ol class="labels" start="0">
        \(items)
        </ol>
        \(Self.rest(labels.count, beyond: Self.labelLimit).map { "<p>\($0)</p>" as Markup })</details>
        """)
    }
    if let text = contents.preprocessing {
      let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map { String($0) ?? "" }
      parts.append(
        """
        <details><summary>How images are prepared</summary>
        <pre>\(lines.prefix(Self.lineLimit).map { "\($0)" as Markup })</pre>
        \(Self.rest(lines.count, beyond: Self.lineLimit).map { "<p>\($0)</p>" as Markup })</details>
        """)
    }
    guard !parts.isEmpty else { return nil }
    return Section(anchor: "labels", title: "Labels and images", body: Markup(lines: parts))
  }

  /// Digests, and where the file came from.
  var provenance: Section? {
    let note: Markup =
      """
      <p>The content digest is the SHA-256 of the list of all tensors' names, shapes and digests; under \
      canonical names it is the same for the same weights in every container and naming.</p>
      """
    return Section(
      anchor: "provenance", title: "Digests and provenance",
      body: Markup(lines: [Self.list(contents.provenance), note]))
  }
}
