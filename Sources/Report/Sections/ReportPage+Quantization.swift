import ByteIO
import Inspect
import TensorModel

extension ReportPage {
  /// What quantizing cost, tensor by tensor, if one of two files is the other, quantized or rounded
  /// to a narrower type.
  var quantization: Section? {
    guard let comparison = contents.comparison else { return nil }
    let losses = comparison.diff.pairs.compactMap(QuantizationLoss.init).sorted {
      ($0.signalToNoise, $0.pair.name) < ($1.signalToNoise, $1.pair.name)
    }
    // Where all is lost, no bar has a length.
    guard let most = losses.last.map({ max($0.signalToNoise, 1) }) else { return nil }
    let rows = losses.prefix(Self.pairLimit).map { Self.row(of: $0, most: most) }
    let caption = "Signal to noise of each tensor, what lost most first"
    return Section(
      anchor: "quantization", title: "Quantization",
      body: """
        <p>How large a tensor is beside what quantizing changed in it, in decibels. Twenty decibels \
        more are a tenth of the error.</p>
        <div class="scroll" role="region" aria-label="\(caption)" tabindex="0">
        <table class="pairs">
        <caption>\(caption)</caption>
        <thead><tr><th scope="col">Tensor</th><th scope="col">Format</th>\
        <th scope="col">Signal to noise, dB</th>\
        <th scope="col" class="number">Largest difference</th></tr></thead>
        <tbody>
        \(rows)
        </tbody>
        </table>
        </div>
        \(Self.rest(losses.count, beyond: Self.pairLimit).map { "<p>\($0)</p>" as Markup })
        """)
  }

  private static func row(of loss: QuantizationLoss, most: Double) -> Markup {
    """
    <tr><th scope="row"><code>\(loss.pair.name.string)</code></th><td>\(loss.format)</td>\
    <td class="bar"><span>\(fixedPoint(loss.signalToNoise, decimals: 2))</span>\
    \(rectangle(max(0, loss.signalToNoise / most), kind: "macs"))</td>\
    <td class="number">\(readableFigure(loss.maximumDifference))</td></tr>
    """
  }
}

/// A pair of tensors in which one is the other with less precision.
private struct QuantizationLoss {
  let pair: ModelDiff.Pair
  /// A scheme or an element type.
  let format: String
  /// In decibels.
  let signalToNoise: Double
  let maximumDifference: Double

  /// `nil` for other pairs, and if nothing was lost.
  init?(_ pair: ModelDiff.Pair) {
    switch pair.status {
    case .quantized(let scheme): format = scheme.rawValue
    case .withinRounding(let type): format = type.name
    default: return nil
    }
    guard let maximumDifference = pair.difference?.maximumDifference,
      let signalToNoise = pair.signalToNoise, signalToNoise < .infinity
    else { return nil }
    self.pair = pair
    self.maximumDifference = maximumDifference
    self.signalToNoise = signalToNoise
  }
}
