import ByteIO
import Foundation
import Terminal
import TestSupport
import Testing

@testable import convnext

@Suite("Progress")
struct ProgressTests {
  private static let timm = Fixtures.path("names/timm.pth")
  private static let erasure = "\r\u{1B}[K"
  /// Makes the line appear at once.
  private static let atOnce = ["CONVNEXT_PROGRESS_DELAY": "0"]

  /// What a terminal shows in the end: lines that were erased are gone.
  private func visible(_ text: String) -> String {
    text.components(separatedBy: "\n").map { line in
      line.components(separatedBy: Self.erasure).last ?? ""
    }.joined(separator: "\n")
  }

  /// The command lines of everything that can take long; outputs go to a folder.
  private static let commands = [
    ["checksum", timm], ["verify", timm], ["diff", timm, timm], ["tensors", timm, "--stats"],
    ["convert", timm, "-o", "OUT.convnext"], ["convert", timm, "-o", "OUT.pth"],
    ["inspect", timm, "--sha256"], ["scan", timm],
  ]

  @Test("every command shows a line on a terminal, and erases it", arguments: commands)
  func line(_ command: [String]) throws {
    let folder = try TemporaryFolder()
    let arguments = { (name: String) in
      command.map { $0.replacing("OUT", with: folder.path(name)) }
    }
    let (text, status) = try Command.onTerminal(
      [.error], arguments("a") + ["--color", "never"], environment: Self.atOnce)
    #expect(status == 0)
    #expect(text.hasPrefix("\(Self.erasure)\(Self.timm)"))
    #expect(text.hasSuffix(Self.erasure))
    #expect(visible(text) == "")

    // On one terminal, results stand where no line is left.
    let both = try Command.onTerminal(
      [.output, .error], arguments("b") + ["--color", "never"], environment: Self.atOnce)
    let plain = try Command.onTerminal([.output], arguments("c") + ["--color", "never"])
    #expect(
      visible(both.text).replacing(folder.path("b"), with: "")
        == plain.text.replacing(folder.path("c"), with: ""))
  }

  @Test(
    "there is no line in a pipe, for --quiet, on a terminal that cannot erase, and before its time",
    arguments: [
      (["--quiet"], atOnce), ([], atOnce.merging(["TERM": "dumb"]) { $1 }),
      ([], atOnce.merging(["TERM": ""]) { $1 }), ([], ["CONVNEXT_PROGRESS_DELAY": "1000"]),
    ])
  func noLine(_ options: [String], _ environment: [String: String]) throws {
    let (text, status) = try Command.onTerminal(
      [.error], ["checksum", Self.timm] + options, environment: environment)
    #expect(status == 0)
    #expect(text == "")
    let pipe = try Command.run(["checksum", Self.timm], environment: Self.atOnce)
    #expect(pipe.error == "")
  }

  @Test("an error stands where no line is left")
  func error() throws {
    let (text, status) = try Command.onTerminal(
      [.error], ["checksum", "/nowhere/a.pth"], environment: Self.atOnce)
    #expect(status == 66)
    #expect(text.hasPrefix(Self.erasure))
    #expect(visible(text).hasPrefix("convnext: /nowhere/a.pth: cannot be opened"))
  }

  @Test("the line is erased when the command is interrupted")
  func interrupted() throws {
    let folder = try TemporaryFolder()
    let file = try folder.writeSparseSafetensors(byteCount: 1 << 36, to: "a.safetensors")
    var isInterrupted = false
    let (text, status) = try Command.onTerminal(
      [.error], ["checksum", file], environment: ["CONVNEXT_PROGRESS_DELAY": "0"]
    ) { text, process in
      guard text.contains(" of 64.0 GiB") && !isInterrupted else { return }
      isInterrupted = true
      kill(process.processIdentifier, SIGINT)
    }
    #expect(status == 130)
    #expect(text.contains("a.safetensors  0%  0 B of 64.0 GiB"))
    #expect(text.hasSuffix(Self.erasure))
  }

  @Test("of several passes the line goes forward only")
  func passes() throws {
    let folder = try TemporaryFolder()
    // A debug build hashes in a second what it surveys in a minute.
    for (options, byteCount) in [(["--sha256"], 1 << 29), (["--sha256", "--health"], 1 << 25)] {
      let file = try folder.writeSparseSafetensors(byteCount: byteCount, to: "a.safetensors")
      let (text, status) = try Command.onTerminal(
        [.error], ["inspect", file] + options, environment: Self.atOnce)
      #expect(status == 0)
      let percentages = text.matches(of: #/  (\d+)%  /#).compactMap { Int($0.1) }
      #expect(!percentages.isEmpty, "\(options)")
      #expect(percentages == percentages.sorted(), "\(options)")
    }
  }

  @Test("the line says what is done, and fits the terminal")
  func texts() {
    let display = ProgressDisplay(subject: "tiny.pth")
    let mebibyte = 1 << 20
    func text(_ completed: Int, _ expected: Int, _ columnCount: Int = 80) -> String {
      display.text(completed: completed, expected: expected, columnCount: columnCount)
    }
    #expect(text(0, 0) == "tiny.pth  reading")
    #expect(text(0, 100 * mebibyte) == "tiny.pth  0%  0 B of 100.0 MiB")
    #expect(text(45 * mebibyte, 100 * mebibyte) == "tiny.pth  45%  45.0 MiB of 100.0 MiB")
    #expect(text(100 * mebibyte - 1, 100 * mebibyte) == "tiny.pth  99%  100.0 MiB of 100.0 MiB")
    #expect(text(100, 100) == "tiny.pth  finishing")
    #expect(text(200, 100) == "tiny.pth  finishing")
    let long = ProgressDisplay(subject: String(repeating: "a", count: 300) + "\u{1B}.pth")
    for columnCount in [20, 40, 80] {
      let line = long.text(completed: 1, expected: 3 * mebibyte, columnCount: columnCount)
      #expect(line.count < columnCount)
      #expect(!line.contains("\u{1B}"))
    }
  }
}

extension TemporaryFolder {
  /// Writes a safetensors file of one U8 tensor whose bytes take no space on the disk; its path.
  fileprivate func writeSparseSafetensors(byteCount: Int, to name: String) throws -> String {
    let text = #"{"a":{"dtype":"U8","shape":[\#(byteCount)],"data_offsets":[0,\#(byteCount)]}}"#
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) }
    let path = try write(length + Array(text.utf8), to: name)
    let size = off_t(8 + text.utf8.count + byteCount)
    guard truncate(path, size) == 0 else {
      throw SystemError(.write, path: path, errorNumber: errno)
    }
    return path
  }
}
