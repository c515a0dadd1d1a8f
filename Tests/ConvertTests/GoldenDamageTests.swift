import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import Convert

/// Every readable fixture, cut off and changed at places all over it: it is read or refused, and
/// never ends the process. The smallest of each container are so at every byte, up to a thousand.
@Suite("Damaged fixtures")
struct GoldenDamageTests {
  /// Reads as much as there is; whether that was all.
  @discardableResult
  private func read(_ bytes: [UInt8]) -> Bool {
    let region = ByteRegion(copying: bytes)
    guard let file = try? LoadedFile(path: "x", region: region, options: .init()) else {
      return false
    }
    for tensor in file.tensors.prefix(8) where tensor.byteCount <= 1 << 16 {
      try? tensor.forEachChunk { _ in }
    }
    return true
  }

  /// Fixtures of one file that can be read, the smallest first.
  static func fixtures() throws -> [FixtureFile] {
    try FixtureManifest.files().filter {
      $0.refused == nil && $0.mayRefuse == nil && $0.byteCount <= 1 << 17
        && !$0.file.hasSuffix(".json") && FileSystem.kind(of: $0.path) == .file
    }.sorted { $0.byteCount < $1.byteCount }
  }

  /// Places near both ends, where headers and directories are, and some between.
  private func places(_ byteCount: Int, count: Int) -> [Int] {
    let stride = max(1, byteCount / count)
    // Offset by the stride's remainders, so that not only aligned places are met.
    let between = Swift.stride(from: 0, to: byteCount, by: stride).enumerated()
      .map { min(byteCount - 1, $1 + $0 % 7) }
    return between + [1, 4, 7, 8, 9, 26, 30, 41].filter { $0 < byteCount }
      + [1, 2, 20, 22].map { byteCount - $0 }.filter { $0 >= 0 }
  }

  @Test("cut off or changed at places all over", arguments: try fixtures())
  func sampled(_ fixture: FixtureFile) throws {
    let whole = try fixture.bytes().array
    for place in places(whole.count, count: 12) {
      #expect(!read(Array(whole[..<place])), "\(fixture.file) cut at \(place)")
      var bytes = whole
      bytes[place] ^= 0x81
      read(bytes)
    }
  }

  /// The smallest fixture of each container, and a native file.
  static func smallest() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for fixture in try fixtures() where files[fixture.container] == nil && fixture.byteCount > 0 {
      files[fixture.container] = try fixture.bytes().array
    }
    return files
  }

  @Test("the smallest of each container, cut off and changed at a thousand places")
  func everyByte() throws {
    let files = try Self.smallest()
    #expect(files.count >= 3)
    for (container, whole) in files {
      #expect(read(whole), "\(container)")
      // Files of some kilobytes would take long, byte by byte.
      for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 1000)) {
        #expect(!read(Array(whole[..<place])), "\(container) cut at \(place)")
        var bytes = whole
        bytes[place] ^= 0xFF
        read(bytes)
      }
    }
  }
}
