import Testing

@testable import TorchFormat

@Suite("Texts in a sweep")
struct SweptTextTests {
  @Test(
    "escapes are read as Python reads them",
    arguments: [
      (.plain, "\\u0070osix", "\\u0070osix"), (.unicodeEscapes, "\\u0070osix", "posix"),
      (.unicodeEscapes, "\\U00000070osix", "posix"), (.unicodeEscapes, "\\x70", "\\x70"),
      (.unicodeEscapes, "\\u00", "\\u00"), (.unicodeEscapes, "\\ud800x", "\\ud800x"),
      (.byteEscapes, "\\x70osix", "posix"), (.byteEscapes, "\\160osi\\x78", "posix"),
      (.byteEscapes, "o\\\\s\\'", "o\\s'"), (.byteEscapes, "\\x7", "\\x7"),
      (.byteEscapes, "a\\", "a\\"), (.byteEscapes, "\\557s", "os"),
    ] as [(SweptText, String, String)])
  func decodes(_ form: SweptText, _ text: String, _ decoded: String) {
    #expect(form.decoded(text) == decoded)
  }
}
