import ByteIO
import Foundation
import Terminal
import TestSupport

/// What the command printed and how it ended.
struct CommandResult {
  let status: Int32
  let outputBytes: [UInt8]
  let error: String

  var output: String { String(decoding: outputBytes, as: UTF8.self) }

  /// Standard output as JSON.
  func json() throws -> JSONValue { try JSONValue(parsing: ByteRegion(copying: outputBytes)) }

  /// The last line of standard error as JSON.
  func errorJSON() throws -> JSONValue {
    try JSONValue(
      parsing: ByteRegion(copying: (error.split(separator: "\n").last ?? "").utf8))
  }
}

/// Runs `convnext` as it was built beside the tests.
enum Command {
  /// Runs the command with these arguments.
  static func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) throws -> CommandResult {
    try run(
      BuiltProduct.path("convnext"), arguments, in: folder, environment: environment)
  }

  static func run(_ arguments: String...) throws -> CommandResult { try run(arguments) }

  /// Runs a line of shell, in which `convnext` is the command.
  static func shell(_ line: String, in folder: String? = nil) throws -> CommandResult {
    let binaries = FileSystem.folder(of: try BuiltProduct.path("convnext"))
    return try run(
      "/bin/sh", ["-c", line], in: folder,
      environment: ["PATH": "\(binaries):/usr/bin:/bin"])
  }

  private static func run(
    _ program: String, _ arguments: [String], in folder: String?, environment: [String: String]
  ) throws -> CommandResult {
    // Files instead of pipes: neither stream can be full while the other one is read.
    let streams = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = sanitizerOptions.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try handle(streams.write([], to: "output"))
    process.standardError = try handle(streams.write([], to: "error"))
    try process.run()
    process.waitUntilExit()
    return CommandResult(
      status: process.terminationStatus, outputBytes: try streams.bytes("output"),
      error: String(decoding: try streams.bytes("error"), as: UTF8.self))
  }

  /// What the tests' own environment tells a sanitizer, which the command was built with, too.
  private static let sanitizerOptions = ProcessInfo.processInfo.environment.filter {
    ["ASAN_OPTIONS", "TSAN_OPTIONS", "TEST_TMPDIR"].contains($0.key)
  }

  private static func handle(_ path: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  /// What the command prints to a terminal of this width.
  static func terminalOutput(
    _ arguments: [String], columns: Int = 200, environment: [String: String] = [:]
  ) throws -> String {
    try onTerminal([.output], arguments, columns: columns, environment: environment).text
  }

  /// Runs the command with streams that are a terminal, the others leading nowhere; what the
  /// terminal got, and the exit status, or 128 and the signal that ended the process.
  ///
  /// - Parameter watch: Called with what came so far whenever something came, and with the
  ///   process.
  static func onTerminal(
    _ streams: Set<StandardStream>, _ arguments: [String], columns: Int = 200,
    environment: [String: String] = [:], watch: (String, Process) -> Void = { _, _ in }
  ) throws -> (text: String, status: Int32) {
    var master: Int32 = -1
    var slave: Int32 = -1
    guard openpty(&master, &slave, nil, nil, nil) == 0 else {
      throw ProcessError.notStarted(errorNumber: errno)
    }
    defer { close(master) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try BuiltProduct.path("convnext"))
    process.arguments = arguments
    process.environment =
      ["TERM": "xterm", "COLUMNS": String(columns)].merging(environment) { $1 }
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = streams.contains(.output) ? terminal : FileHandle.nullDevice
    process.standardError = streams.contains(.error) ? terminal : FileHandle.nullDevice
    try process.run()
    close(slave)
    // Reading fails once no process has the terminal open any more.
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var text: String { String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n") }
    while true {
      let count = read(master, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
      watch(text, process)
    }
    process.waitUntilExit()
    let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
    return (text, signal + process.terminationStatus)
  }
}

extension TemporaryFolder {
  /// Copies a fixture; the copy's path.
  @discardableResult
  func copy(_ fixture: String, to name: String) throws -> String {
    try write(Fixtures.bytes(fixture).array, to: name)
  }

  /// Writes a safetensors file of F32 tensors, each of one zero, with these names; its path.
  @discardableResult
  func writeSafetensors(names: [String], to name: String) throws -> String {
    var header = JSONObject()
    for (index, tensor) in names.enumerated() {
      header[tensor] = .object([
        "dtype": .string("F32"), "shape": .integers([1]),
        "data_offsets": .integers([4 * index, 4 * index + 4]),
      ])
    }
    let text = Array(JSONValue.object(header).serialized().utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return try write(
      length + text + [UInt8](repeating: 0, count: 4 * names.count), to: name)
  }
}
