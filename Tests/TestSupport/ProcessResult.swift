import Foundation

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

  /// Runs a program, which is looked for as the shell does, and waits for it.
  ///
  /// - Parameters:
  ///   - command: The program and its arguments.
  ///   - folder: The folder to run it in; `nil`: this process's own.
  ///   - environment: All of its environment; `nil`: this process's own.
  public init(
    running command: [String], in folder: String? = nil, environment: [String: String]? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--"] + command
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    if let environment { process.environment = environment }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    output = String(decoding: bytes, as: UTF8.self)
    status =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
  }
}
