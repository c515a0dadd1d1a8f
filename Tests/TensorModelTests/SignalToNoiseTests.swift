import Testing

@testable import TensorModel

@Suite("Signal to noise")
struct SignalToNoiseTests {
  /// Logarithms as Python's `math.log10` gives them.
  @Test(
    "logarithms are right to the last digits",
    arguments: [
      (1, 0), (10, 1), (100, 2), (1e-300, -300), (1e308, 308), (2, 0.3010299956639812),
      (0.7, -0.1549019599857432), (1.4142135623730951, 0.1505149978319906),
      (0x1p-1074, -323.3062153431158), (123456.789, 5.09151497716927),
    ])
  func logarithms(value: Double, expected: Double) {
    #expect((decimalLogarithm(value) - expected).magnitude <= 2e-15 * max(1, expected.magnitude))
  }

  @Test("no noise is infinitely good, noise without a signal infinitely bad")
  func ends() {
    #expect(signalToNoise(signal: 1, noise: 0) == .infinity)
    #expect(signalToNoise(signal: 0, noise: 1) == -.infinity)
    #expect((signalToNoise(signal: 1e200, noise: 1e-200) - 4000).magnitude < 1e-9)
  }
}
