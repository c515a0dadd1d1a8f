import ByteIO
import Foundation
import Terminal
import TestSupport
import Testing

#if canImport(Darwin)
  private typealias Resource = Int32
#else
  private typealias Resource = __rlimit_resource
#endif

/// Bounds what this process may use of a resource.
private func limit(_ resource: Resource, to value: rlim_t) {
  var limit = rlimit(rlim_cur: value, rlim_max: value)
  #if canImport(Darwin)
    setrlimit(resource, &limit)
  #else
    setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
  #endif
}

@Suite("ProcessSignals")
struct ProcessSignalsTests {
  @Test("an interrupted process leaves finished files and no others, and says 130")
  func removesUnfinishedFiles() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .exitCode(130)) { [path = path as String] in
      ProcessSignals.install()
      let finished = try OutputFile(path: "\(path)/finished", replacingExisting: false)
      try finished.write([1], at: 0)
      try finished.commit()
      let unfinished = try OutputFile(path: "\(path)/unfinished", replacingExisting: false)
      try unfinished.write([1], at: 0)
      // To the process, for this thread may block signals; one that does not will take it.
      kill(getpid(), SIGINT)
      sleep(10)
    }
    #expect(folder.names == ["finished"])
  }

  @Test("before the system ends a process for a signal, unfinished files are removed")
  func removesBeforeDefault() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGQUIT)) { [path = path as String] in
      // No core dump of the tests.
      limit(RLIMIT_CORE, to: 0)
      ProcessSignals.install()
      let unfinished = try OutputFile(path: "\(path)/unfinished", replacingExisting: false)
      try unfinished.write([1], at: 0)
      kill(getpid(), SIGQUIT)
      sleep(10)
    }
    #expect(folder.names == [])
  }

  @Test("a signal that is ignored stays ignored, and one that is blocked comes through")
  func keepsIgnoredSignals() async throws {
    await #expect(processExitsWith: .exitCode(143)) {
      signal(SIGHUP, SIG_IGN)
      var mask = sigset_t()
      sigemptyset(&mask)
      sigaddset(&mask, SIGTERM)
      pthread_sigmask(SIG_BLOCK, &mask, nil)
      ProcessSignals.install()
      kill(getpid(), SIGHUP)
      kill(getpid(), SIGTERM)
      sleep(10)
    }
  }

  @Test("a mapped file that is truncated by another ends the process with status 74")
  func reportsTruncation() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("input")
    try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path))
    let result = await #expect(
      processExitsWith: .exitCode(74), observing: [\.standardErrorContent]
    ) { [path = path as String] in
      ProcessSignals.install()
      let mapping = try FileMapping(path: path)
      truncate(path, 0)
      _ = mapping.region[1 << 19]
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("truncated by another process"))
    let other = await #expect(
      processExitsWith: .exitCode(74), observing: [\.standardErrorContent]
    ) { [path = path as String] in
      ProcessSignals.install(truncationMessage: "{}\n")
      try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path))
      let mapping = try FileMapping(path: path)
      truncate(path, 0)
      _ = mapping.region[1 << 19]
    }
    #expect(other?.standardErrorContent.suffix(3) == Array("{}\n".utf8)[...])
  }

  @Test("a write beyond the limit for a file's size fails like one on a full disk")
  func survivesFileSizeLimit() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
      ProcessSignals.install()
      limit(RLIMIT_FSIZE, to: 4096)
      let output = try OutputFile(path: "\(path)/large", replacingExisting: false)
      do {
        try output.write([UInt8](repeating: 1, count: 100_000), at: 0)
      } catch let error as SystemError {
        output.discard()
        exit(error.category == .inputOutput ? 7 : 8)
      }
    }
    #expect(folder.names == [])
  }
}
