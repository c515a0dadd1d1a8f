import Testing

@testable import convnext

@Suite("Figures")
struct FiguresTests {
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

  @Test("a bin that is not empty is never shown as empty")
  func sparklines() {
    #expect(sparkline([0, 1, 500, 1000], usesBlocks: true) == " ▁▄█")
    #expect(sparkline([0, 1, 500, 1000], usesBlocks: false) == " .=@")
    #expect(sparkline([0, 0], usesBlocks: true) == "  ")
    #expect(sparkline([], usesBlocks: false) == "")
  }
}
