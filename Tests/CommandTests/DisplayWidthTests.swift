import Testing

@testable import convnext

@Suite("Display width")
struct DisplayWidthTests {
  /// As `wcwidth` of Python's package of that name counts.
  @Test(
    "East Asian characters and pictures take two columns, others one",
    arguments: [
      ("", 0), ("abc", 3), ("\u{E9}", 1), ("e\u{301}", 1), ("\u{4E2D}\u{6587}", 4),
      ("\u{D55C}\u{AD6D}", 4), ("\u{30AB}", 2), ("\u{FF21}", 2), ("\u{1F986}", 2), ("\u{20000}", 2),
      ("\u{FF71}", 1), ("\u{2026}", 1), ("stage\u{4E2D}", 7),
    ])
  func widths(_ text: String, _ width: Int) {
    #expect(displayWidth(text) == width)
  }
}
