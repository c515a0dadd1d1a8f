import Testing

@testable import convnext

@Suite("Inert names")
struct InertNamesTests {
  @Test("classes that TorchScript tells apart by a number are one name with a count")
  func mangled() {
    let names = InertNames([
      "__torch__.conv.___torch_mangle_1.Conv2d", "__torch__.conv.___torch_mangle_12.Conv2d",
      "__torch__.conv.Conv2d", "__torch__.conv.Conv2d", "argparse.Namespace",
    ])
    #expect(names.sentence == "__torch__.conv.Conv2d (3 variants), argparse.Namespace")
  }

  @Test("of many names five are shown, and how many more there are")
  func many() {
    #expect(InertNames((1...5).map { "m.C\($0)" }).sentence == "m.C1, m.C2, m.C3, m.C4, m.C5")
    #expect(
      InertNames((1...8).map { "m.C\($0)" }).sentence
        == "m.C1, m.C2, m.C3, m.C4, m.C5 and 3 more; 'convnext scan' lists all")
  }

  @Test("control characters of a name are escaped")
  func hostile() {
    #expect(InertNames(["m.\u{1B}[31m"]).sentence == "m.\\u{1b}[31m")
  }
}
