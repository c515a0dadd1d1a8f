import ByteIO
import Testing

@Suite("Readable numbers")
struct ReadableNumbersTests {
  @Test(
    "numbers keep four digits",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-128, "-128"), (0.5, "0.5000"), (-0.012752, "-0.01275"),
      (0.00012345, "0.0001235"), (0.000099996, "0.0001000"), (1.5e-7, "1.500e-07"),
      (9.9996, "10.00"), (1234.56, "1235"), (3.4028234663852886e38, "3.403e+38"),
      (-1e300, "-1.000e+300"), (.leastNonzeroMagnitude, "4.941e-324"), (.infinity, "inf"),
      (12_345_678.5, "1.235e+07"),
    ] as [(Double, String)])
  func figures(value: Double, text: String) {
    #expect(readableFigure(value) == text)
  }

  @Test(
    "counts with their unit",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1.00 k"), (4_455_531_264, "4.46 G"),
      (1_500_000_000_000, "1.50 T"), (768_000, "768.00 k"),
      (999_994, "999.99 k"), (999_996, "1.00 M"), (999_999_999_999, "1.00 T"),
    ])
  func counts(_ value: Int, _ expected: String) {
    #expect(readableCount(value) == expected)
  }
}
