import ArgumentParser
import ByteIO
import TestSupport
import Testing

@testable import convnext

@Suite("Mistaken arguments")
struct MistakenArgumentTests {
  private static let timm = Fixtures.path("names/timm.pth")

  @Test(
    "a file whose name begins with a dash is refused with 64, and its place is named",
    arguments: [
      "-hostile.pth", "-x.pth", "-h.pth", "-hq", "-q.pth", "-version.pth", "-h=x.pth",
      "--help=x.pth", "--version=x.pth", "--help-hidden=x", "--experimental-dump-help=x.pth",
    ])
  func leadingDash(_ name: String) throws {
    for arguments in [["scan", name], ["verify", Self.timm, name], ["inspect", name], [name]] {
      let result = try Command.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.output == "", "\(arguments)")
      #expect(result.error.contains("a file of that name is './\(name)'"), "\(result.error)")
    }
    let json = try Command.run("scan", name, "--json")
    #expect(json.status == 64)
    #expect(try json.errorJSON()["rule"]?.stringValue == "usage")
  }

  @Test("behind -- and behind ./ it is a file")
  func files() throws {
    let folder = try TemporaryFolder()
    for name in ["-hostile.pth", "--help=x.pth"] {
      try folder.copy("broken/call-os-system.pth", to: name)
      for arguments in [["scan", "--", name], ["scan", "./\(name)"]] {
        #expect(try Command.run(arguments, in: folder.path).status == 1, "\(arguments)")
      }
    }
  }

  @Test("an option that is the name of a file here, too, is refused")
  func ambiguous() throws {
    let folder = try TemporaryFolder()
    for name in [
      "-h", "--help", "--json", "-q", "--generate-completion-script=bash", "--color=never",
    ] {
      try folder.copy("broken/call-os-system.pth", to: name)
      let result = try Command.run(["scan", name, Self.timm], in: folder.path)
      #expect(result.status == 64, "\(name)")
      #expect(!result.output.contains("clean"), "\(name)")
      #expect(try Command.run(["scan", "--", name], in: folder.path).status == 1, "\(name)")
    }
  }

  @Test(
    "short options with their values, and negative numbers, are none of this",
    arguments: [
      ["convert", "a.pth", "-o=b.convnext"], ["convert", "a.pth", "-o", "b.convnext", "-n"],
      ["quantize", "a.pth", "-n", "--min-sqnr", "-3.5"], ["scan", "-"], ["inspect", "--help"],
      ["tensors", "a.pth", "--top", "-1"], ["---completion", "scan", "-x.pth"],
    ])
  func others(_ arguments: [String]) {
    #expect(MistakenArgument.error(in: arguments)?.message == nil)
  }

  @Test("a short option with its value is refused where that is a file's name")
  func shortOption() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.pth", to: "-o=b.pth")
    let result = try Command.run(["convert", Self.timm, "-o=b.pth"], in: folder.path)
    #expect(result.status == 64)
    #expect(result.error.contains("the name of a file here: './-o=b.pth' is the file"))
    #expect(folder.names == ["-o=b.pth"])
  }

  @Test("short options do not come in groups")
  func groups() {
    let message = MistakenArgument.error(in: ["convert", "a", "-o", "b", "-nq"])?.message
    #expect(
      message
        == "There is no option '-nq', because short options cannot be combined; a file of that name is './-nq'."
    )
  }
}
