import Synchronization
import TestSupport
import Testing

@testable import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("BackgroundSynchronizer")
struct BackgroundSynchronizerTests {
  private let piece = BackgroundSynchronizer.pieceByteCount
  private let failure = SystemError(.synchronize, path: "out", errorNumber: EBADF)

  @Test("a failure in the background is told at the end, each time it is asked for")
  func failing() {
    let synchronizer = BackgroundSynchronizer(descriptor: -1, path: "out")
    synchronizer.didWrite(byteCount: piece)
    #expect(throws: failure) { try synchronizer.finish() }
    #expect(throws: failure) { try synchronizer.finish() }
  }

  @Test("less than a piece is left to the last fsync; writes add up to pieces, from any thread")
  func pieces() throws {
    let synchronizer = BackgroundSynchronizer(descriptor: -1, path: "out")
    try concurrentForEach(count: 8) { _ in synchronizer.didWrite(byteCount: piece / 8 - 1) }
    try synchronizer.finish()
    synchronizer.didWrite(byteCount: 8)
    #expect(throws: failure) { try synchronizer.finish() }
  }

  @Test("where there are no threads nothing is handed to one, and nothing is waited for")
  func withoutThreads() throws {
    let starts = Lock(0)
    let synchronizer = BackgroundSynchronizer(descriptor: -1, path: "out") { _ in
      starts.withLock { $0 += 1 }
      return nil
    }
    for _ in 0..<3 { synchronizer.didWrite(byteCount: piece) }
    #expect(starts.withLock { $0 } == 3)
    // To store anything here, on a file that is not open, would fail.
    try synchronizer.finish()
  }

  @Test("bytes that are written while others are stored are the file's, and discarding waits")
  func writing() throws {
    let folder = try TemporaryFolder()
    let bytes = [UInt8](repeating: 7, count: piece / 2)
    let output = try OutputFile(path: folder.path("out"), replacingExisting: false)
    try concurrentForEach(count: 8) { index in
      try output.write(bytes, at: index * bytes.count)
    }
    try output.commit()
    #expect(try folder.bytes("out") == [UInt8](repeating: 7, count: 4 * piece))

    let discarded = try OutputFile(path: folder.path("other"), replacingExisting: false)
    for index in 0..<8 { try discarded.write(bytes, at: index * bytes.count) }
    discarded.discard()
    #expect(folder.names == ["out"])
  }
}
