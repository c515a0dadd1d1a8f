import ByteIO
import Inspect
import TensorModel

extension ReportPage {
  /// The second file, compared with the first.
  var comparison: Section? {
    guard let comparison = contents.comparison else { return nil }
    let diff = comparison.diff
    var parts: [Markup] = [
      """
      <p class="verdict \(diff.isSame ? "good" : "bad")"><strong>\(diff.verdict)</strong></p>
      <p>A is <code>\(contents.fileName)</code>, B is <code>\(comparison.fileName)</code> \
      (\(comparison.fileKind)). \(grouped(diff.pairs.count)) pairs of tensors were compared, by their \
      \(diff.isModel ? "canonical names" : "names in the files").</p>
      """,
      counts(diff),
    ]
    if !diff.worst.isEmpty { parts.append(pairs(diff)) }
    let lists = [
      ("Only in A", diff.missing), ("Only in B", diff.extra),
      ("Beside the model in A, not compared", diff.firstOther),
      ("Beside the model in B, not compared", diff.secondOther),
    ]
    for (title, tensors) in lists where !tensors.isEmpty {
      parts.append(Self.tensorList(title, tensors))
    }
    parts.append(
      """
      <details><summary>What B is</summary>
      \(Self.list(comparison.facts))
      </details>
      <details><summary>Health of B: \(comparison.health.verdict)</summary>
      \(groups(of: comparison.health))
      </details>
      """)
    return Section(anchor: "comparison", title: "Comparison", body: Markup(lines: parts))
  }

  private func counts(_ diff: ModelDiff) -> Markup {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for pair in diff.pairs {
      if counts[pair.status.name] == nil { order.append(pair.status.name) }
      counts[pair.status.name, default: 0] += 1
    }
    let items = order.map {
      "<div><dd>\(grouped(counts[$0] ?? 0))</dd><dt>\($0)</dt></div>" as Markup
    }
    return "<dl class=\"figures small\">\(items)</dl>"
  }

  /// The pairs that are not identical: the first few are shown, the others open on a click.
  private func pairs(_ diff: ModelDiff) -> Markup {
    let worst = diff.worst
    let mostL2 = worst.compactMap { $0.difference?.relativeL2 }.filter(\.isFinite).max() ?? 0
    let rows = worst.prefix(Self.pairLimit).map { Self.row(of: $0, mostL2: mostL2) }
    let others = rows.dropFirst(Self.shownPairCount)
    return """
      \(Self.table("Tensors that are not identical, the most different first", rows.prefix(Self.shownPairCount)))
      \(others.isEmpty ? nil : Self.folded(others, beyondLimit: worst.count))
      """
  }

  private static let shownPairCount = 12

  private static func folded(_ rows: some Collection<Markup>, beyondLimit count: Int) -> Markup {
    """
    <details><summary>\(grouped(rows.count)) more pairs that are not identical</summary>
    \(table("More tensors that are not identical", rows))
    \(rest(count, beyond: pairLimit).map { "<p>\($0)</p>" as Markup })
    </details>
    """
  }

  private static func table(_ caption: String, _ rows: some Collection<Markup>) -> Markup {
    """
    <div class="scroll" role="region" aria-label="\(caption)" tabindex="0">
    <table class="pairs">
    <caption>\(caption)</caption>
    <thead><tr><th scope="col">Tensor</th><th scope="col">Status</th><th scope="col">A</th>\
    <th scope="col">B</th><th scope="col" class="number">Largest difference</th>\
    <th scope="col">Relative L2</th><th scope="col" class="number">Cosine</th>\
    <th scope="col" class="number">ULPs</th></tr></thead>
    <tbody>
    \(Array(rows))
    </tbody>
    </table>
    </div>
    """
  }

  private static func row(of pair: ModelDiff.Pair, mostL2: Double) -> Markup {
    let figure = { (value: Double?) in value.map { readableFigure($0) } ?? "–" }
    let difference = pair.difference
    return """
      <tr><th scope="row"><code>\(pair.name.string)</code></th><td>\(pair.status.name)</td>\
      <td class="shape">\(described(pair.first))</td>\
      <td class="shape">\(described(pair.second))</td>\
      <td class="number">\(figure(difference?.maximumDifference))</td>\
      <td class="bar"><span>\(figure(difference?.relativeL2))</span>\
      \(rectangle(share(of: difference?.relativeL2, most: mostL2), kind: "macs"))</td>\
      <td class="number">\(difference?.cosine.map { fixedPoint($0, decimals: 6) } ?? "–")</td>\
      <td class="number">\(difference?.maximumULPDistance.map { "\($0)" } ?? "–")</td></tr>
      """
  }

  /// The length of a figure's bar; one that is infinite fills the cell.
  private static func share(of figure: Double?, most: Double) -> Double {
    guard let figure, figure > 0 else { return 0 }
    return figure < most ? figure / most : 1
  }

  private static func tensorList(_ title: String, _ tensors: [TensorInfo]) -> Markup {
    let items = tensors.prefix(rowLimit).map { tensor -> Markup in
      "<li><code>\(tensor.name.string)</code> <span class=\"soft\">\(described(tensor))</span></li>"
    }
    return """
      <h3>\(title)</h3>
      <ul>
      \(items)
      \(rest(tensors.count, beyond: rowLimit).map { "<li>\($0)</li>" as Markup })
      </ul>
      """
  }
}
