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

  /// When a conversion is ended.
  private enum Moment {
    /// So many microseconds after its start.
    case start(UInt32)
    /// So many microseconds after its temporary file was seen.
    case writing(UInt32)

    /// From the start to what a conversion takes, and while it writes, so that it is met in all of
    /// its stages.
    static let all: [Moment] =
      (0..<12).map { .start(5000 * $0) } + (0..<12).map { .writing(300 * $0) }
  }

  /// Starts a conversion and ends it by a signal. Whether it was met while it wrote: that left a
  /// temporary file, or the program said itself that it was ended.
  @discardableResult
  private func convert(
    to output: String? = nil, endedBy signal: Int32, at moment: Moment, _ more: String...
  ) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try BuiltProduct.path("convnext"))
    process.arguments = ["convert", input, "-o", output ?? folder.path("out.convnext")] + more
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    switch moment {
    case .start(let delay): usleep(delay)
    case .writing(let delay):
      while process.isRunning, !hasLeftover(process) {}
      usleep(delay)
    }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    if process.terminationReason == .exit {
      #expect([0, 128 + signal].contains(process.terminationStatus))
      return process.terminationStatus != 0
    }
    // Before its first line, the program has not yet said what to do about signals.
    #expect(process.terminationStatus == signal)
    return hasLeftover(process)
  }

  private func hasLeftover(_ process: Process) -> Bool {
    leftovers.contains { $0.hasPrefix(".convnext-\(process.processIdentifier)-") }
  }

  private var leftovers: [String] { folder.names.filter { $0.hasSuffix(".partial") } }

  @Test("killed: the output is not there, or whole; the next run removes what was left")
  func killed() throws {
    var metCount = 0
    for moment in Moment.all {
      if try convert(endedBy: SIGKILL, at: moment) { metCount += 1 }
      if FileSystem.kind(of: folder.path("out.convnext")) != nil {
        #expect(try folder.bytes("out.convnext") == wanted)
        #expect(unlink(folder.path("out.convnext")) == 0)
      }
      #expect(try folder.bytes("input.pth") == Fixtures.bytes("names/timm.pth").array)
    }
    #expect(metCount > 0)
    #expect(
      try Command.run("convert", input, "-o", folder.path("out.convnext")).status == 0)
    #expect(leftovers == [])
    #expect(try folder.bytes("out.convnext") == wanted)
  }

  @Test("killed while a file is replaced: the old one or the new one is there")
  func killedReplacing() throws {
    let old = Array("precious".utf8)
    for moment in Moment.all {
      try folder.write(old, to: "out.convnext")
      try convert(endedBy: SIGKILL, at: moment, "--force")
      let found = try folder.bytes("out.convnext")
      #expect(found == old || found == wanted)
    }
  }

  @Test("interrupted or terminated: nothing is left behind", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupted(_ signal: Int32) throws {
    var metCount = 0
    for moment in Moment.all {
      if try convert(endedBy: signal, at: moment) { metCount += 1 }
      #expect(leftovers == [])
      // A folder that was made for the result goes, too, or has what belongs in it.
      let model = folder.path("model")
      try convert(to: model + "/", endedBy: signal, at: moment, "--naming", "huggingface")
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
    #expect(metCount > 0)
  }
}
