import ByteIO
import Foundation
import TestSupport
import Testing

@Suite("inspect --health and --format")
struct InspectHealthTests {
  private static let digits = Fixtures.path("digits/convnext_digits.pth")
  private static let sick = Fixtures.path("safetensors/dtypes.safetensors")

  @Test("a healthy file says so, with status 0")
  func healthy() throws {
    let result = try Command.run("inspect", Self.digits, "--health")
    #expect(result.status == 0)
    #expect(result.output.hasSuffix("\n\nHEALTH  nothing was found\n"))
    let json = try Command.run("inspect", Self.digits, "--health", "--json").json()
    #expect(json["health"] == .array([]))
  }

  @Test("errors are told with tensor, numbers and reason, with status 1")
  func errors() throws {
    let result = try Command.run("inspect", Self.sick, "--health")
    #expect(result.status == 1)
    #expect(result.error == "")
    #expect(
      result.output.contains("\nHEALTH  4 errors, 3 warnings\nerror  NaN or infinity: A number"))
    #expect(result.output.contains("\n  f16: 3 NaN and 2 infinite of 9 elements\n"))
    let json = try Command.run("inspect", Self.sick, "--health", "--json")
    #expect(json.status == 1)
    let findings = try #require(try json.json()["health"]?.arrayValue)
    #expect(findings.count == 7)
    #expect(
      findings.first?.objectValue?.entries.map(\.key) == [
        "rule", "severity", "tensor", "evidence", "reason",
      ])
    #expect(findings.first?["tensor"] == .string("f64"))
    #expect(try json.json()["unexaminedTensors"]?.integerValue == 0)
  }

  @Test("without --health nothing is examined, and the key is null")
  func absent() throws {
    let result = try Command.run("inspect", Self.sick, "--json")
    #expect(result.status == 0)
    #expect(try result.json()["health"] == .null)
    #expect(try result.json()["unexaminedTensors"] == .null)
    #expect(!(try Command.run("inspect", Self.sick).output.contains("HEALTH")))
  }

  @Test("Markdown has one shape of row in each table, and the figures of JSON")
  func markdown() throws {
    let text = try Command.run(
      "inspect", Self.digits, "--format", "markdown", "--health", "--layers"
    ).output
    let json = try Command.run("inspect", Self.digits, "--json").json()
    let tables = text.components(separatedBy: "\n\n")
    #expect(tables.count == 4)
    for table in tables {
      let columns = table.split(separator: "\n").map { row in
        row.replacing("\\|", with: "").count { $0 == "|" }
      }
      #expect(Set(columns).count == 1, "\(table)")
    }
    for stage in try #require(json["stages"]?.arrayValue) {
      let name = try #require(stage["name"]?.stringValue)
      let parameters = grouped(try #require(stage["parameters"]?.integerValue))
      #expect(
        text.split(separator: "\n").contains {
          $0.hasPrefix("| \(name) |") && $0.contains(parameters)
        })
    }
  }

  @Test("names that Markdown would take for its own are escaped")
  func markdownEscaping() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("torch/mlp.pth", to: "a|b*c_d<e>`f.pth")
    let text = try Command.run("inspect", path, "--format", "markdown").output
    #expect(text.contains(#"| file | a\|b\*c\_d\<e\>\`f.pth |"#))
  }

  @Test("every format for a file and for a configuration")
  func formats() throws {
    for format in ["text", "json", "markdown"] {
      for source in [[Self.digits], ["--config", "tiny"]] {
        let result = try Command.run(["inspect", "--format", format] + source)
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
      }
    }
    #expect(
      try Command.run("inspect", Self.digits, "--format", "json").output
        == Command.run("inspect", Self.digits, "--json").output)
    #expect(
      try Command.run("inspect", Self.digits).output
        == Command.run("inspect", Self.digits, "--format", "text").output)
  }

  @Test(
    "options that exclude each other",
    arguments: [
      ["--config", "tiny", "--health"], ["--config", "tiny", "--format", "html"],
      [digits, "--json", "--format", "markdown"], [digits, "--format", "pdf"],
    ])
  func usage(arguments: [String]) throws {
    #expect(try Command.run(["inspect"] + arguments).status == 64)
  }
}
