import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import NativeFormat

/// Runs `Tests/NativeProbe`, a program that depends on nothing but `NativeFormat`, as an app would,
/// and looks at what it is linked with.
@Suite("The product NativeFormat, linked alone")
struct LinkTests {
  @Test("a program reads a file with it")
  func reads() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Sample.written(Sample.fullHeader), to: "it's a.convnext")
    let result = try ProcessResult(running: [BuiltProduct.path("NativeProbe"), path])
    #expect(
      result.output == """
        ConvNeXt V2 tiny: depths [3, 3, 9, 3], widths [96, 192, 384, 768]
        stem.norm.weight F32 [2]
        head.classifier.bias F16 [2]
        the elements of stem.norm.weight add up to 0.5

        """)
    #expect(result.status == 0)
  }

  @Test("a program finds a changed byte with it")
  func verifies() throws {
    let folder = try TemporaryFolder()
    var bytes = try Sample.written()
    bytes[16384 + 20] = 1
    let result = try ProcessResult(running: [
      BuiltProduct.path("NativeProbe"), folder.write(bytes, to: "a.convnext"),
    ])
    #expect(
      result.output.hasSuffix(
        "not intact: a byte between tensors, before 'head.classifier.bias', is not zero\n"))
    #expect(result.status == 0)
  }

  @Test("neither libzip nor zlib nor libdeflate is linked")
  func linksNoArchiveLibraries() throws {
    let libraries = try Self.libraries(of: BuiltProduct.path("NativeProbe"))
    // That some are found shows that the right question was asked.
    #expect(libraries.contains { $0.hasPrefix("libc.") || $0.hasPrefix("libSystem.") })
    let archives = libraries.filter { line in
      ["libz.", "libzip.", "libdeflate."].contains { line.hasPrefix($0) }
    }
    #expect(archives == [])
  }

  /// The file names of the dynamic libraries that a program loads: on Linux all of them, on macOS
  /// those that it names itself.
  private static func libraries(of program: String) throws -> [String] {
    #if canImport(Darwin)
      let commands = [["otool", "-L", program]]
    #else
      let commands = [["ldd", program], ["readelf", "-d", program]]
    #endif
    for command in commands {
      let result = try ProcessResult(running: command)
      guard result.status == 0 else { continue }
      return result.output.split { " \t\n[]".contains($0) }
        .map { FileSystem.name(of: String($0)) }.filter { $0.hasPrefix("lib") }
    }
    throw ProcessError.noneWorked(commands.map { $0[0] })
  }
}
