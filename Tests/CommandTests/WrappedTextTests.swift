import Testing

@testable import convnext

@Suite("Wrapped text")
struct WrappedTextTests {
  @Test("lines break at spaces, and long words stay whole")
  func lines() {
    #expect(wrapped("one two three", to: 7) == ["one two", "three"])
    #expect(wrapped("one two three", to: 6) == ["one", "two", "three"])
    #expect(wrapped("one two three", to: 13) == ["one two three"])
    #expect(wrapped("a extraordinarily b", to: 5) == ["a", "extraordinarily", "b"])
    #expect(wrapped("", to: 5) == [""])
    #expect(wrapped("\u{65E5}\u{672C} \u{8A9E}", to: 6) == ["\u{65E5}\u{672C}", "\u{8A9E}"])
  }
}
