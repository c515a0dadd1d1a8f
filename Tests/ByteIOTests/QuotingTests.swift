import ByteIO
import Testing

@Suite("Quoting")
struct QuotingTests {
  @Test(
    "control characters, overrides and separators are escaped, everything else stays",
    arguments: [
      ("plain é 語 😀", "plain é 語 😀"), ("a\nb\tc\rd", #"a\nb\tc\rd"#), ("\r\n", #"\r\n"#),
      ("\u{0}\u{1B}[31m\u{7F}", #"\u{0}\u{1b}[31m\u{7f}"#), ("\u{85}\u{9B}", #"\u{85}\u{9b}"#),
      ("\u{202E}\u{2066}\u{200F}", #"\u{202e}\u{2066}\u{200f}"#),
      ("\u{2028}\u{2029}\u{FEFF}", #"\u{2028}\u{2029}\u{feff}"#), ("\u{E0041}", #"\u{e0041}"#),
      ("a\u{AD}\u{180E}\u{3164}\u{FE0F}", #"a\u{ad}\u{180e}\u{3164}\u{fe0f}"#),
      ("e\u{301}", "e\u{301}"), ("", ""),
    ])
  func escaping(text: String, expected: String) {
    #expect(Array(escaped(text).utf8) == Array(expected.utf8))
  }

  @Test("long text is cut and says so")
  func cutting() {
    #expect(escaped("abcdef", limit: 6) == "abcdef")
    #expect(escaped("abcdef", limit: 5) == "abcde…")
    #expect(escaped("abc", limit: 0) == "…")
    #expect(quoted(String(repeating: "x", count: 500)).utf8.count == 120 + 2 + 3)
    #expect(quoted("a\nb") == #"'a\nb'"#)
    #expect(quoted("a b"[...]) == "'a b'")
  }

  @Test(
    "byte counts for people",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
      (1_048_524, "1023.9 KiB"), (1_048_525, "1.0 MiB"), (114_399_539, "109.1 MiB"),
      (5 << 30, "5.0 GiB"), (.max, "8.0 EiB"), (-1, "-1 B"),
    ])
  func byteCounts(byteCount: Int, expected: String) {
    #expect(readableByteCount(byteCount) == expected)
  }

  @Test(
    "numbers with a fixed count of decimals",
    arguments: [
      (0, 2, "0.00"), (1.005, 1, "1.0"), (0.25, 1, "0.3"), (-0.25, 1, "-0.3"), (-0.04, 1, "0.0"),
      (99.96, 1, "100.0"), (1.5, 0, "2"), (0.001, 3, "0.001"), (12345.678, 2, "12345.68"),
      (1e300, 2, "1e+300"), (.infinity, 1, "inf"), (.nan, 1, "nan"),
      (0.123456789, 9, "0.123456789"),
    ] as [(Double, Int, String)])
  func decimals(value: Double, decimals: Int, expected: String) {
    #expect(fixedPoint(value, decimals: decimals) == expected)
  }

  @Test(
    "thousands are set apart",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (28_589_128, "28,589,128"), (-1234, "-1,234"),
      (.min, "-9,223,372,036,854,775,808"),
    ])
  func grouping(value: Int, expected: String) {
    #expect(grouped(value) == expected)
  }
}
