import TestSupport
import Testing

/// A file system of a few KiB that only one process and its children see, and that is gone with
/// them.
private enum SmallDisk {
  /// Whether one can be made: that takes rights, or user namespaces.
  static let isAllowed = (try? run("true"))?.status == 0

  /// Runs a line of shell there.
  static func run(_ line: String, kibibytes: Int = 16) throws -> CommandResult {
    let folder = try TemporaryFolder()
    let script =
      "mount -t tmpfs -o size=\(kibibytes)k tmpfs \(folder.path) && cd \(folder.path) && { \(line); }"
    return try Command.shell("exec unshare --map-root-user --mount sh -c \"\(script)\"")
  }
}

/// A disk that is really full. `ExitStatusTests` has a limit for the size of files, which takes no
/// rights.
@Suite("A full disk", .enabled(if: SmallDisk.isAllowed, "no file system may be mounted here"))
struct FullDiskTests {
  private static let timm = Fixtures.path("names/timm.safetensors")

  @Test(
    "74, and nothing is left behind",
    arguments: ["a.convnext", "a.safetensors", "a.pth", "model/ --naming huggingface"])
  func nothingIsLeft(_ output: String) throws {
    let result = try SmallDisk.run("convnext convert '\(Self.timm)' -o \(output); echo \\$?; ls -A")
    #expect(result.output == "74\n")
    #expect(result.error.contains("No space left on device"))
    #expect(result.error.contains("nothing is left behind"))
  }

  @Test("of a folder there is everything or nothing, however much room there is")
  func wholeFolders() throws {
    let outputs = try stride(from: 36, through: 64, by: 4).map { kibibytes in
      try SmallDisk.run(
        "mkdir m; convnext convert '\(Self.timm)' -o m/ --naming huggingface -q > /dev/null; "
          + "echo \\$?; ls -A m", kibibytes: kibibytes
      ).output
    }
    #expect(Set(outputs) == ["74\n", "0\nconfig.json\nmodel.safetensors\n"])
  }

  @Test("a report that does not fit leaves no model behind")
  func report() throws {
    let folder = try TemporaryFolder()
    let result = try SmallDisk.run(
      "convnext quantize '\(Self.timm)' -o \(folder.path)/a.convnext --report r.json; "
        + "echo \\$?; ls -A", kibibytes: 4)
    #expect(result.output == "74\n")
    #expect(folder.names == [])
  }

  @Test("74, and an existing output stays")
  func existingOutput() throws {
    let result = try SmallDisk.run(
      "echo precious > a.pth; convnext convert '\(Self.timm)' -o a.pth --force; "
        + "echo \\$?; ls -A; cat a.pth")
    #expect(result.output == "74\na.pth\nprecious\n")
  }

  @Test("74 where what is piped in does not fit, with where it would")
  func spooledInput() throws {
    let result = try SmallDisk.run(
      "head -c 100k /dev/zero | TMPDIR=. convnext inspect -; echo \\$?; ls -A")
    #expect(result.output == "74\n")
    #expect(
      result.error.hasPrefix("convnext: -: cannot be kept in a temporary file: No space left"))
    #expect(result.error.contains("TMPDIR") && !result.error.contains("nothing is left behind"))
  }

  @Test("74 where standard output goes there")
  func standardOutput() throws {
    let result = try SmallDisk.run(
      "head -c 15k /dev/zero > zeros; convnext inspect '\(Self.timm)' --json > a; echo \\$?")
    #expect(result.output == "74\n")
  }
}
