import TestSupport
import Testing

/// Small broken files, with little memory to be read in.
@Suite("Small files")
struct SmallFileTests {
  private static let commands = ["inspect", "scan", "checksum --names source"]

  /// Runs the command on a file with so many kilobytes of memory for its data, of which the program
  /// takes half with its threads.
  private func run(_ command: String, _ path: String) throws -> CommandResult {
    try Command.shell("ulimit -d 65536; exec convnext \(command) '\(path)'")
  }

  /// Whether a sound file can be read so; a sanitizer takes memory of its own, far more.
  private static let canLimit: Bool = {
    let timm = Fixtures.path("names/timm.pth")
    let line = "ulimit -d 65536; exec convnext checksum '\(timm)'"
    return (try? Command.shell(line))?.status == 0
  }()

  static func files() throws -> [FixtureFile] {
    try FixtureManifest.files().filter { $0.refused != nil && $0.byteCount <= 4096 }
  }

  @Test(
    "broken files of a few kilobytes are refused in little memory",
    .enabled(if: canLimit, "a sanitizer takes more memory than the limit allows"),
    arguments: commands)
  func small(command: String) throws {
    // Those that are small because much was deflated, or that claim much.
    let names = ["bomb", "deep", "flood", "laughs", "expand", "huge", "long", "overflow", "ratio"]
    let files = try Self.files().filter { file in names.contains { file.file.contains($0) } }
    #expect(files.count > 20)
    for file in files {
      let result = try run(command, file.path)
      #expect([0, 1, 65, 69].contains(result.status), "\(file.file): \(result.status)")
    }
  }
}
