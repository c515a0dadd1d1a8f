import ByteIO
import Foundation
import TestSupport
import Testing

/// The command ended at any moment, for good or with a chance to clean up: what is at the output's
/// path is the old file or the whole new one.
@Suite("Crashes")
struct CrashTests {
  private let folder: TemporaryFolder
  private let input: String
  private let wanted: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    input = try folder.copy("names/timm.pth", to: "input.pth")
    let output = folder.path("wanted.convnext")
    _ = try Command.run("convert", input, "-o", output)
    wanted = try folder.bytes("wanted.convnext")
  }

  /// Starts a conversion, ends it by a signal after so many microseconds, and says how it ended.
  private func convert(
    to output: String? = nil, endedBy signal: Int32, after delay: UInt32, _ more: String...
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try BuiltProduct.path("convnext"))
    process.arguments = ["convert", input, "-o", output ?? folder.path("out.convnext")] + more
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    usleep(delay)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    if process.terminationReason == .exit {
      #expect([0, 128 + signal].contains(process.terminationStatus))
    } else {
      // Before its first line, the program has not yet said what to do about signals.
      #expect(process.terminationStatus == signal)
    }
  }

  private var leftovers: [String] { folder.names.filter { $0.hasSuffix(".partial") } }

  /// Delays up to what a conversion takes, so that it is met in all of its stages.
  private static func delays(count: UInt32) -> [UInt32] { (0..<count).map { $0 * 3000 } }

  @Test("killed: the output is not there, or whole; the next run removes what was left")
  func killed() throws {
    for delay in Self.delays(count: 20) {
      try convert(endedBy: SIGKILL, after: delay)
      if FileSystem.kind(of: folder.path("out.convnext")) != nil {
        #expect(try folder.bytes("out.convnext") == wanted)
        #expect(unlink(folder.path("out.convnext")) == 0)
      }
      #expect(try folder.bytes("input.pth") == Fixtures.bytes("names/timm.pth").array)
    }
    #expect(
      try Command.run("convert", input, "-o", folder.path("out.convnext")).status == 0)
    #expect(leftovers == [])
    #expect(try folder.bytes("out.convnext") == wanted)
  }

  @Test("killed while a file is replaced: the old one or the new one is there")
  func killedReplacing() throws {
    let old = Array("precious".utf8)
    for delay in Self.delays(count: 20) {
      try folder.write(old, to: "out.convnext")
      try convert(endedBy: SIGKILL, after: delay, "--force")
      let found = try folder.bytes("out.convnext")
      #expect(found == old || found == wanted)
    }
  }

  @Test("interrupted or terminated: nothing is left behind", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupted(_ signal: Int32) throws {
    for delay in Self.delays(count: 8) {
      try convert(endedBy: signal, after: delay)
      #expect(leftovers == [])
      // A folder that was made for the result goes, too, or has what belongs in it.
      let model = folder.path("model")
      try convert(to: model + "/", endedBy: signal, after: delay, "--naming", "huggingface")
      if FileSystem.kind(of: model) != nil {
        let names = try FileSystem.names(in: model)
        #expect(!names.isEmpty && !names.contains { $0.hasSuffix(".partial") })
        for name in names { #expect(unlink("\(model)/\(name)") == 0) }
        #expect(rmdir(model) == 0)
      }
      if FileSystem.kind(of: folder.path("out.convnext")) != nil {
        #expect(try folder.bytes("out.convnext") == wanted)
        #expect(unlink(folder.path("out.convnext")) == 0)
      }
    }
  }
}
