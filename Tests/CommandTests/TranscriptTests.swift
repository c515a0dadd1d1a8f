import ByteIO
import Foundation
import TestSupport
import Testing

@testable import convnext

/// The transcripts in the documents: each `console` block's commands are run, in the document's
/// order and one folder, and must print what the document says.
///
/// With `UPDATE_DOCS=1` in the environment the documents are written anew instead.
@Suite("Transcripts", .serialized)
struct TranscriptTests {
  /// Files that the documents speak of, and the fixtures that they are.
  private static let files = [
    "convnext_digits.pth": "digits/convnext_digits.pth",
    "torchvision.pth": "names/torchvision.pth",
    "huggingface.safetensors": "names/huggingface.safetensors",
    "training.pth": "training/facebook.pth",
    "near-miss.pth": "torch/missing-tensor.pth",
    "hostile.pth": "broken/call-os-system.pth",
    "facebook.pth": "names/facebook.pth",
    "damaged.pth": "broken/zip-crc.pth",
    "hf-folder": "folders/single",
  ]

  @Test("every command has a transcript", arguments: HelpRequest.commandNames)
  func everyCommand(_ command: String) throws {
    let text = try Document("docs/transcripts.md").text
    #expect(text.contains("\n## \(command)\n"))
    #expect(text.contains("\n$ convnext \(command) "))
  }

  @Test(
    "a document's commands print what it says", arguments: ["README.md", "docs/transcripts.md"])
  func documentIsUpToDate(_ document: String) throws {
    let path = Repository.path(document)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }

    var result: [String] = []
    var isInBlock = false
    var commandCount = 0
    for line in text.components(separatedBy: "\n") {
      if line == "```console" {
        isInBlock = true
      } else if line == "```" {
        isInBlock = false
      } else if isInBlock {
        guard line.hasPrefix("$ ") else { continue }
        commandCount += 1
        result.append(line)
        result += try output(of: String(line.dropFirst(2)), in: folder)
        continue
      }
      result.append(line)
    }
    #expect(commandCount > 0)
    let actual = result.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      try actual.write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(actual == text)
    }
  }

  private func temporaryFolder() throws -> String {
    let folder = NSTemporaryDirectory() + "convnext-transcripts-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, fixture) in Self.files {
      try FileManager.default.copyItem(
        atPath: Fixtures.path(fixture), toPath: "\(folder)/\(name)")
    }
    let sums = try ["convnext_digits.pth", "training.pth"].map { name in
      let digest = try SHA256Digest(of: FileMapping(path: "\(folder)/\(name)").region)
      return "\(digest.hex)  \(name)\n"
    }
    try sums.joined().write(toFile: "\(folder)/SHA256SUMS", atomically: true, encoding: .utf8)
    for (name, key) in [
      ("private.pem", TestKeys.privateKey), ("public.pem", TestKeys.publicKey),
      ("other.pem", TestKeys.otherPublicKey),
    ] {
      try key.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    return folder
  }

  /// The lines that a command prints on both streams, as a person would see them in a pipe.
  private func output(of command: String, in folder: String) throws -> [String] {
    let binaries = FileSystem.folder(of: try BuiltProduct.path("convnext"))
    // `$?` is the status of the command before.
    let result = try ProcessResult(
      running: [
        "/bin/sh", "-c", "(exit $(cat .status 2>/dev/null)); \(command)\necho $? > .status",
      ], in: folder,
      environment: ["PATH": "\(binaries):/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
    var lines = result.output.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
