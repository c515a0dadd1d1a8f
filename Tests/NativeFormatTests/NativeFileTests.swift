import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import NativeFormat

@Suite("NativeFile")
struct NativeFileTests {
  private func error(_ region: ByteRegion, limits: Limits = .standard) -> NativeError? {
    do {
      _ = try NativeFile(region, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test("what was written is read back")
  func readsBack() throws {
    let file = try NativeFile(
      ByteRegion(copying: Sample.written(Sample.fullHeader, Sample.tensors)))
    var expected = Sample.fullHeader
    expected.tensors = file.header.tensors
    #expect(file.header == expected)
    #expect(file.tensors.map(\.info) == Sample.tensors.map(\.info))
    for (tensor, original) in zip(file.tensors, Sample.tensors) {
      #expect(try tensor.contiguousBytes().array == original.contiguousBytes().array)
    }
    #expect(file.header.tensors.map(\.dataOffset) == [0, 64])
    #expect(file.header.tensors.map(\.byteCount) == [8, 4])
    #expect(file.dataOffset == 16384)
    #expect(try file.verify() == [])
  }

  @Test("a file is opened by its path")
  func opensPath() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Sample.written(), to: "a.convnext")
    let file = try NativeFile(path: path)
    #expect(file.tensors.count == 2)
    #expect(try file.verify() == [])
    #expect(throws: SystemError(.open, path: folder.path("b"), errorNumber: 2)) {
      try NativeFile(path: folder.path("b"))
    }
  }

  @Test("the header's digest is the one in the preamble")
  func hasHeaderDigest() throws {
    let bytes = try Sample.written()
    #expect(
      try NativeFile(ByteRegion(copying: bytes)).headerDigest.bytes == Array(bytes[40..<72]))
  }

  @Test("tensors are found by name, compared by its bytes")
  func findsTensors() throws {
    let names: [TensorName] = ["\u{E9}", "e\u{301}", "", "a\r\nb"]
    let tensors = names.enumerated().map {
      Sample.tensor($1, .uint8, [1], [UInt8($0)])
    }
    let file = try NativeFile(ByteRegion(copying: Sample.written(Sample.plainHeader, tensors)))
    for (index, name) in names.enumerated() {
      #expect(try file.tensor(named: name)?.contiguousBytes().array == [UInt8(index)])
    }
    #expect(file.tensor(named: "e") == nil)
  }

  @Test("a file may have no tensors")
  func opensEmptyFile() throws {
    let bytes = try Sample.written(Sample.fullHeader, [])
    #expect(bytes.count == 16384)
    let file = try NativeFile(ByteRegion(copying: bytes))
    #expect(file.tensors.isEmpty)
    #expect(try file.verify() == [])
  }

  @Test("scalars and empty tensors keep their shapes")
  func opensScalarsAndEmptyTensors() throws {
    let tensors = [
      Sample.tensor("empty", .float32, [0, 7], []),
      Sample.tensor("scalar", .int64, [], [1, 2, 3, 4, 5, 6, 7, 8]),
      Sample.tensor("packed", .float4, [2, 3], [1, 2, 3]),
      Sample.tensor("huge and empty", .uint8, [0, 1 << 40], []),
      Sample.tensor("last", .bool, [3, 0, 2], []),
    ]
    let bytes = try Sample.written(Sample.plainHeader, tensors)
    // The last ones hold nothing, and yet the file reaches up to them.
    #expect(bytes.count == 16384 + 128)
    let file = try NativeFile(ByteRegion(copying: bytes))
    #expect(file.tensors.map(\.info) == tensors.map(\.info))
    #expect(file.header.tensors.map(\.dataOffset) == [0, 0, 64, 128, 128])
    #expect(file.header.tensors.map(\.byteCount) == [0, 8, 3, 0, 0])
    #expect(try file.tensor(named: "scalar")?.contiguousBytes().array == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(try file.tensor(named: "last")?.contiguousBytes().array == [])
    #expect(try file.verify() == [])
  }

  @Test("every length but the right one is reported")
  func reportsTruncation() throws {
    let region = try ByteRegion(copying: Sample.written() + [0])
    let byteCount = region.byteCount - 1
    for length in 0...region.byteCount where length != byteCount {
      let part = try #require(region.slice(offset: 0, byteCount: length))
      #expect(
        error(part)
          == (length < 128
            ? .tooShort(needed: 128, found: length)
            : .wrongSize(declared: UInt64(byteCount), found: length)))
    }
  }

  @Test("a file that admits to be shorter than its tensors is refused, at every length")
  func reportsMissingData() throws {
    var file = try Sample.edited()
    let data = file.data
    for length in 0..<data.count {
      file.data = Array(data[..<length])
      #expect(
        error(file.region)
          == (length < 8
            ? .pastEnd(tensor: "stem.norm.weight", end: 8, available: length)
            : .pastEnd(tensor: "head.classifier.bias", end: 68, available: length)))
    }
  }

  @Test("bytes behind the last tensor are refused, even zeros")
  func refusesTrailingBytes() throws {
    var file = try Sample.edited()
    file.data += [0, 0, 0]
    #expect(error(file.region) == .trailingBytes(fileOffset: 16384 + 68, byteCount: 3))
    #expect(
      error(NaiveFile(json: Sample.plainHeader.json.serialized(), data: [0]).region)
        == .trailingBytes(fileOffset: 16384, byteCount: 1))
  }

  @Test("faults of preamble, header and layout are passed on")
  func passesOnFaults() throws {
    #expect(error(.empty) == .tooShort(needed: 128, found: 0))
    #expect(
      error(try Sample.edited(("\"tool\"", "\"tools\"")).region) == .missingField("source.tool"))
    #expect(
      error(try Sample.edited(("\"classes\":null", "\"classes\":\"1000\"")).region)
        == .wrongValue(
          field: "model.classes", expected: "a whole number from 0 to 2^63-1", found: "'1000'"))
    #expect(
      error(try Sample.edited(("\"offset\":64", "\"offset\":9223372036854775807")).region)
        == .badOffset(tensor: "head.classifier.bias", offset: .max, expected: 64))
    #expect(
      error(try Sample.edited(("\"offset\":64", "\"offset\":63")).region)
        == .badOffset(tensor: "head.classifier.bias", offset: 63, expected: 64))
    #expect(
      error(try Sample.edited(("head.classifier.bias", "stem.norm.weight")).region)
        == .duplicateName(tensor: "stem.norm.weight"))
    #expect(
      error(try Sample.edited(("\"F16\"", "\"F64\"")).region)
        == .wrongByteCount(tensor: "head.classifier.bias", expected: 16, found: 4))
  }

  @Test("claims of more bytes than any file has are refused")
  func refusesHugeTensors() throws {
    let half = "4611686018427387904"
    let first = (
      "\"dtype\":\"F32\",\"shape\":[2],\"offset\":0,\"byteCount\":8",
      "\"dtype\":\"U8\",\"shape\":[\(half)],\"offset\":0,\"byteCount\":\(half)"
    )
    let second = (
      "\"dtype\":\"F16\",\"shape\":[2],\"offset\":64,\"byteCount\":4",
      "\"dtype\":\"U8\",\"shape\":[\(half)],\"offset\":\(half),\"byteCount\":\(half)"
    )
    let small = ("\"offset\":64", "\"offset\":\(half)")
    #expect(
      error(try Sample.edited(first, second).region) == .tooLarge(tensor: "head.classifier.bias"))
    #expect(
      error(try Sample.edited(first, small).region)
        == .pastEnd(tensor: "stem.norm.weight", end: 1 << 62, available: 68))
  }

  @Test("limits are the caller's")
  func takesLimits() throws {
    let region = try Sample.edited().region
    var limits = Limits.standard
    limits.tensorCount = 1
    #expect(error(region, limits: limits) == .tooManyTensors(found: 2, limit: 1))
    limits = .standard
    limits.rank = 1
    let matrix = try Sample.edited(("\"F16\",\"shape\":[2]", "\"F16\",\"shape\":[1,2]")).region
    #expect(
      error(matrix, limits: limits)
        == .tooManyDimensions(tensor: "head.classifier.bias", found: 2, limit: 1))
    limits = .standard
    limits.jsonDepth = 3
    guard case .invalidJSON(let reason) = error(region, limits: limits) else {
      Issue.record("nothing is wrong")
      return
    }
    #expect(reason.reason == .tooDeep(limit: 3))
  }

  @Test("the magic tells a file apart")
  func looksLike() throws {
    #expect(NativeFile.looksLike(try Sample.edited().region))
    #expect(NativeFile.looksLike(ByteRegion(copying: Array("CONVNEXT".utf8))))
    #expect(!NativeFile.looksLike(ByteRegion(copying: Array("CONVNEX".utf8))))
    #expect(!NativeFile.looksLike(.empty))
  }

  @Test("several threads read the tensors of one file")
  func sharesTensors() async throws {
    let tensors = (0..<8).map { index in
      Sample.tensor(
        TensorName("t\(index)"), .uint8, [70_000], Sample.bytes(70_000, seed: UInt64(index)))
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(Sample.written(Sample.plainHeader, tensors), to: "a.convnext")
    let digests = try tensors.map { try $0.digest() }
    let found: [[SHA256Digest]]
    do {
      let file = try NativeFile(path: path)
      found = try await withThrowingTaskGroup(of: [SHA256Digest].self) { group in
        for _ in 0..<16 {
          group.addTask { try file.tensors.map { try $0.digest() } }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
    #expect(found == [[SHA256Digest]](repeating: digests, count: 16))
  }

  @Test("a tensor keeps the mapping alive when the file is let go of")
  func keepsMapping() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Sample.written(), to: "a.convnext")
    let tensor = try #require(try NativeFile(path: path).tensors.first)
    #expect(try tensor.contiguousBytes().array == Sample.floats([1, -0.5]))
  }

  @Test("no header makes the reader trap or read outside the file", arguments: 0..<8)
  func survivesDamagedHeaders(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let original = try Sample.edited()
    let characters = Array("0123456789-+.eE\"\\{}[]:,nulltrue F".utf8)
    for _ in 0..<60 {
      var text = Array(original.json.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<text.count, using: &generator)
        let character = characters[Int.random(in: 0..<characters.count, using: &generator)]
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: text[place] = character
        case 1: text.insert(contentsOf: [UInt8](repeating: character, count: 19), at: place)
        default: text.removeSubrange(place..<min(place + 20, text.count))
        }
      }
      var file = original
      file.json = String(decoding: text, as: UTF8.self)
      guard let opened = try? NativeFile(file.region) else { continue }
      let byteCounts = try opened.tensors.map { try $0.contiguousBytes().byteCount }
      #expect(byteCounts == [8, 4])
    }
  }
}
