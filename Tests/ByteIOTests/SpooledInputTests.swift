import Testing

@testable import ByteIO

@Suite("SpooledInput")
struct SpooledInputTests {
  /// A pipe anywhere else is refused, for nobody may ever write to it.
  @Test(
    "only standard input and numbered descriptors are read as they are open",
    arguments: [
      ("-", true), ("/dev/stdin", true), ("/dev/fd/63", true), ("/proc/self/fd/0", true),
      ("/dev/fd/", false), ("/dev/fd/../cwd/pipe", false), ("/dev/fd/3/..", false),
      ("/proc/self/fd/x", false), ("/dev/stdin.pth", false), ("a.pth", false),
    ])
  func paths(path: String, isSpooled: Bool) {
    #expect(SpooledInput.isSpooled(path) == isSpooled)
  }
}
