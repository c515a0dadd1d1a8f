import ByteIO
import Foundation
import TestSupport
import Testing

@Suite("Standard input and special files")
struct StandardInputTests {
  private static let timm = Fixtures.path("names/timm.pth")

  @Test("'-' is standard input: a pipe, or a file that is read where it lies")
  func dash() throws {
    let expected = try Command.run("checksum", Self.timm).output
    for line in [
      "cat '\(Self.timm)' | convnext checksum -", "convnext checksum - < '\(Self.timm)'",
    ] {
      let result = try Command.shell(line)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output == expected)
    }
  }

  @Test(
    "every command that reads takes it",
    arguments: [
      "inspect -", "tensors -", "checksum -", "verify -", "scan -", "diff - FILE",
      "convert - -o OUT.safetensors",
    ])
  func commands(_ line: String) throws {
    let folder = try TemporaryFolder()
    let arguments = line.replacing("FILE", with: "'\(Self.timm)'")
    let result = try Command.shell(
      "cat '\(Self.timm)' | TMPDIR=\(folder.path) convnext \(arguments)", in: folder.path)
    #expect(result.status == 0, "\(result.error)")
    #expect(folder.names == (line.hasPrefix("convert") ? ["OUT.safetensors"] : []))
  }

  @Test(
    "a folder for temporary files may have any bytes in its name",
    .enabled(if: FileNames.mayBeAnyBytes, "this file system takes UTF-8 only"))
  func temporaryFolder() throws {
    let folder = try TemporaryFolder()
    let result = try Command.shell(
      #"mkdir "$(printf 'caf\351')"; cat '\#(Self.timm)' "#
        + #"| TMPDIR="$(printf 'caf\351')" convnext checksum --digest -"#, in: folder.path)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output == (try Command.run("checksum", "--digest", Self.timm).output))
  }

  @Test("a pipe that the shell made is read")
  func processSubstitution() throws {
    let line = "cat '\(Self.timm)' | convnext verify /dev/stdin"
    #expect(try Command.shell(line).status == 0)
  }

  @Test("one pipe under two names is one input")
  func twoNames() throws {
    let line = "cat '\(Self.timm)' | convnext diff - /dev/stdin"
    let result = try Command.shell(line)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.hasPrefix("same model, identical"))
  }

  @Test("an empty or broken input is refused as a file would be")
  func broken() throws {
    #expect(try Command.shell("convnext inspect - < /dev/null").status == 66)
    #expect(try Command.shell("printf '' | convnext inspect -").status == 65)
    #expect(try Command.shell("head -c 1000 '\(Self.timm)' | convnext inspect -").status == 65)
    #expect(try Command.shell("convnext inspect - <&-").status == 66)
  }

  @Test("standard output is no output file")
  func output() throws {
    let folder = try TemporaryFolder()
    for arguments in ["-o -", "-o - --to convnext --force"] {
      let result = try Command.shell(
        "convnext convert '\(Self.timm)' \(arguments)", in: folder.path)
      #expect(result.status == 73)
      #expect(result.error.contains("hint: name a file"))
      #expect(folder.names == [])
    }
  }

  @Test("folders, devices, sockets and pipes in a folder are refused, and nothing hangs")
  func special() throws {
    let folder = try TemporaryFolder()
    folder.makePipe("pipe")
    for path in [folder.path("pipe"), "/dev/zero", "/dev/null"] {
      for command in ["inspect", "scan", "verify"] {
        let result = try Command.run(command, path)
        #expect(result.status == 66, "\(command) \(path): \(result.error)")
        #expect(result.error.contains("hint: "))
      }
    }
    #expect(try Command.run("inspect", "/dev").status == 65)
    for output in [folder.path("pipe"), "/dev/null"] {
      let result = try Command.run(
        "convert", Self.timm, "-o", output, "--to", "convnext", "--force")
      #expect(result.status == 73, "\(output)")
    }
  }

  @Test("an unreadable file is said to be one")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("names/timm.pth", to: "a.pth")
    #expect(chmod(path, 0) == 0)
    // The superuser reads it all the same.
    let result = try Command.run("inspect", path)
    #expect(result.status == (geteuid() == 0 ? 0 : 66))
  }

  @Test(
    "names of any bytes: read, written, and shown without doing harm",
    .enabled(if: FileNames.mayBeAnyBytes, "this file system takes UTF-8 only"))
  func names() throws {
    let folder = try TemporaryFolder()
    let result = try Command.shell(
      """
      n=$(printf 'a\\377\\033[31m\\n(\\303.pth'); cp '\(Self.timm)' "$n" || exit 99
      convnext inspect "$n" && convnext convert "$n" -o "$(printf 'b\\376.convnext')" \
        && convnext verify "$(printf 'b\\376.convnext')" && convnext inspect --json "$n" \
        && convnext sign "$n" --key nothing
      """, in: folder.path)
    #expect(result.status == 66)
    #expect(result.output.contains("a\\xff\\u{1b}[31m\\n(\\xc3.pth"))
    #expect(result.output.contains("b\\xfe.convnext: OK"))
    let isShown = result.output.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) || $0 == "\n"
    }
    #expect(isShown)
    #expect(namesInFolder(folder.path).count == 2)
  }

  @Test("a file of 5 GiB is read, and its last tensor found")
  func large() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("large.safetensors")
    let elementCount = 5 << 30
    let header = Array(
      """
      {"big":{"dtype":"U8","shape":[\(elementCount)],"data_offsets":[0,\(elementCount)]},\
      "last":{"dtype":"U8","shape":[3],"data_offsets":[\(elementCount),\(elementCount + 3)]}}
      """.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let output = try OutputFile(path: path, replacingExisting: false)
    try output.write(length + header, at: 0)
    // Everything between is a hole, which takes no space on the disk.
    try output.write([7, 8, 9], at: length.count + header.count + elementCount)
    try output.commit()
    let list = try Command.run("tensors", path, "--stats", "--match", "last", "--format", "tsv")
    #expect(list.status == 0, "\(list.error)")
    #expect(list.output.contains("\t7.0\t9.0\t8.0\t"), "\(list.output)")
    let inspected = try Command.run("inspect", path)
    #expect(inspected.status == 0)
    #expect(inspected.output.contains("5.0 GiB"))
    #expect(truncate(path, off_t(elementCount)) == 0)
    #expect(try Command.run("inspect", path).status == 65)
  }
}
