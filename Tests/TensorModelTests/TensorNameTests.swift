import TensorModel
import Testing

@Suite("TensorName")
struct TensorNameTests {
  @Test("names that Unicode calls equivalent are different names")
  func equivalentNames() {
    let names: [TensorName] = [
      "caf\u{E9}", "cafe\u{301}", "K", "\u{212A}", "\u{C5}", "\u{212B}", "a;b", "a\u{37E}b",
    ]
    #expect(Set(names).count == names.count)
    #expect("caf\u{E9}" as TensorName != "cafe\u{301}")
  }

  @Test("equal bytes are equal names, however the string came about")
  func equality() {
    let long = String(repeating: "stages.0.blocks.", count: 4) + "weight"
    var built = ""
    for byte in long.utf8 { built.unicodeScalars.append(Unicode.Scalar(byte)) }
    #expect(TensorName(long) == TensorName(built))
    #expect(TensorName(long).hashValue == TensorName(built).hashValue)
    #expect(TensorName("a") == "a")
    #expect(TensorName("") == "")
    #expect(TensorName("a") != "a\u{0}")
  }

  @Test("names are ordered by their bytes, a beginning first")
  func order() {
    let sorted: [TensorName] = [
      "", "\u{0}", "B", "a", "a.0", "a.10", "a.9", "a0", "ab", "z", "\u{E9}", "\u{FFFD}",
      "\u{10000}",
    ]
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test("a name is described by itself")
  func description() {
    #expect("\(TensorName("a.b"))" == "a.b")
    #expect(Array(TensorName("é").utf8) == [0xC3, 0xA9])
  }
}
