import ByteIO
import TestSupport
import Testing

@testable import Quantize

@Suite("QuantizationErrorMeter")
struct QuantizationErrorMeterTests {
  @Test("sums and counts are those of a plain loop", arguments: [0, 1, 7, 8, 9, 64, 1001])
  func isNaive(count: Int) {
    let weights = Weights.random(count, seed: 1)
    let restored = Weights.random(count, seed: 2).enumerated().map {
      $0.offset % 3 == 0 ? 0 : $0.element
    }
    var meter = QuantizationErrorMeter()
    meter.add(Weights.region(weights).bytes, restored: Weights.region(restored).bytes)
    var (signal, noise, largest, flushed) = (0.0, 0.0, Float(0), 0)
    for (weight, rest) in zip(weights, restored) {
      signal += Double(weight) * Double(weight)
      noise += Double(weight - rest) * Double(weight - rest)
      largest = max(largest, (weight - rest).magnitude)
      if weight != 0 && rest == 0 { flushed += 1 }
    }
    #expect((meter.signal - signal).magnitude <= 1e-13 * signal)
    #expect((meter.noise - noise).magnitude <= 1e-13 * noise)
    #expect(meter.maximumError == Double(largest))
    #expect(meter.flushedCount == flushed)
  }
}
