import Inspect
import TensorModel

extension ReportPage {
  /// What is wrong with the numbers.
  var health: Section? {
    let health = contents.health
    var parts: [Markup] = []
    if health.findings.isEmpty {
      // Less can be said about an unknown model's tensors, and about those that cannot be judged.
      let checked =
        contents.modelName == nil || health.unexaminedCount > 0
        ? "All numbers that were examined are finite, and no matrix is constant or the same as "
          + "another."
        : "All numbers are finite, no channel is dead, no two tensors are the same, and nothing was "
          + "left as training found it."
      parts.append(
        "<p class=\"verdict good\"><strong>Nothing was found.</strong> \(checked)</p>")
    } else {
      parts.append("<p class=\"verdict\"><strong>\(health.verdict)</strong></p>")
      parts += groups(of: health, anchors: tensorAnchors)
    }
    if let sentence = health.unexamined { parts.append("<p>\(sentence).</p>") }
    return Section(anchor: "health", title: "Health", body: Markup(lines: parts))
  }

  /// The findings by rule.
  ///
  /// - Parameter anchors: Where a tensor is shown, by its name.
  func groups(of health: ModelHealth, anchors: [TensorName: String] = [:]) -> [Markup] {
    health.groups.map { markup(of: $0, anchors: anchors) }
  }

  private func markup(
    of group: HealthFindingGroup, anchors: [TensorName: String]
  ) -> Markup {
    let rows = group.findings.prefix(Self.rowLimit).map { finding -> Markup in
      guard let name = finding.tensor else { return "<li>\(finding.evidence)</li>" }
      let tensor: Markup =
        anchors[name].map { "<a href=\"#\($0)\"><code>\(name.string)</code></a>" }
        ?? "<code>\(name.string)</code>"
      return "<li>\(tensor): \(finding.evidence)</li>"
    }
    return """
      <div class="finding \(group.severity.rawValue)">
      <h3><span class="severity">\(group.severity.rawValue)</span> \(group.rule.title)</h3>
      <p>\(group.rule.reason)</p>
      <ul>
      \(rows)
      \(Self.rest(group.findings.count, beyond: Self.rowLimit).map { "<li>\($0)</li>" as Markup })
      </ul>
      </div>
      """
  }
}
