import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The programs that were built along with the tests.
public enum BuiltProduct {
  /// The path of a program.
  ///
  /// It lies beside the test bundle, whose path is among this process's arguments: the first on
  /// Linux, where the bundle is a program; one of the testing helper's on macOS.
  public static func path(_ name: String) throws -> String {
    for argument in CommandLine.arguments {
      guard let end = argument.ranges(of: ".xctest").first?.upperBound else { continue }
      let path = FileSystem.folder(of: String(argument[..<end])) + "/" + name
      if FileSystem.kind(of: path) == .file { return path }
    }
    throw ProcessError.notBuilt(name)
  }
}

/// Why a program was not run.
public enum ProcessError: Error, Equatable {
  /// There is no such program beside the tests.
  case notBuilt(String)
  /// None of these programs worked.
  case noneWorked([String])
  /// The system started none.
  case notStarted(errorNumber: Int32)
}

/// What a program printed, standard output and standard error together, and how it ended.
public struct ProcessResult: Sendable {
  /// What it printed.
  public let output: String
  /// The exit status, as the shell gives it.
  public let status: Int32

  /// Runs a program and waits for it. The corresponding C function is `popen`.
  public init(running command: [String]) throws {
    let line = command.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
    guard let stream = popen("\(line) 2>&1", "r") else {
      throw ProcessError.notStarted(errorNumber: errno)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    let status = pclose(stream)
    output = String(decoding: bytes, as: UTF8.self)
    // What `wait` reports: the exit status in the second byte, a signal in the first.
    self.status = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }
}
