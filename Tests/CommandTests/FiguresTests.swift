import Testing

@testable import convnext

@Suite("Figures")
struct FiguresTests {
  @Test("a bin that is not empty is never shown as empty")
  func sparklines() {
    #expect(sparkline([0, 1, 500, 1000], usesBlocks: true) == " ▁▄█")
    #expect(sparkline([0, 1, 500, 1000], usesBlocks: false) == " .=@")
    #expect(sparkline([0, 0], usesBlocks: true) == "  ")
    #expect(sparkline([], usesBlocks: false) == "")
  }
}
