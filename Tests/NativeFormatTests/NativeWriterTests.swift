import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import NativeFormat

@Suite("NativeWriter")
struct NativeWriterTests {
  /// Tensors of all kinds: above a megabyte, strided, big-endian, empty, scalar, at the end empty.
  private static func manyTensors() throws -> [Tensor] {
    let storage = RegionStorage(ByteRegion(copying: Sample.bytes(1_300_000, seed: 7)))
    func tensor(
      _ name: TensorName, _ elementType: ElementType, _ shape: [Int], _ strides: [Int],
      offset: Int = 0, isBigEndian: Bool = false
    ) throws -> Tensor {
      try Tensor(
        name: name, elementType: elementType, shape: shape, storage: storage,
        layout: .init(strides: strides, elementOffset: offset, isBigEndian: isBigEndian))
    }
    return try [
      tensor("large", .float32, [650, 500], [500, 1]),
      tensor("transposed", .float32, [500, 650], [1, 500]),
      tensor("empty", .float32, [0, 3], [3, 1]),
      tensor("big-endian", .int16, [513], [1], offset: 1, isBigEndian: true),
      tensor("scalar", .float64, [], [], offset: 11),
      tensor("repeated", .uint8, [1000, 3], [0, 1], offset: 5),
      tensor("e\u{301}", .complex64, [3], [2]),
      tensor("last", .bool, [0], [1]),
    ]
  }

  private static func naive(_ header: NativeHeader, _ tensors: [Tensor]) throws -> [UInt8] {
    NaiveFile(header, try tensors.map { ($0.info, try $0.contiguousBytes().array) }).bytes
  }

  @Test("the bytes are those that the description of the format gives, made on one thread")
  func writesWhatIsDescribed() throws {
    let tensors = try Self.manyTensors()
    #expect(
      try Sample.written(Sample.fullHeader, tensors) == Self.naive(Sample.fullHeader, tensors))
    #expect(try Sample.written() == Self.naive(Sample.plainHeader, Sample.tensors))
    #expect(try Sample.written(Sample.plainHeader, []) == Self.naive(Sample.plainHeader, []))
  }

  @Test("the same input gives the same bytes, however many write at once")
  func isDeterministic() throws {
    let tensors = try Self.manyTensors()
    let alone = try Sample.written(Sample.fullHeader, tensors)
    let together = try concurrentMap(count: 6) { _ in
      try Sample.written(Sample.fullHeader, tensors)
    }
    #expect(together.allSatisfy { $0 == alone })
  }

  @Test("what a file says of its tensors is read back into the same file")
  func roundTrips() throws {
    let bytes = try Sample.written(Sample.fullHeader, Self.manyTensors())
    let file = try NativeFile(ByteRegion(copying: bytes))
    #expect(try file.verify() == [])
    #expect(try Sample.written(file.header, file.tensors) == bytes)
  }

  @Test("the size is known beforehand")
  func knowsSize() throws {
    for tensors in [[], Sample.tensors, try Self.manyTensors()] {
      let writer = try NativeWriter(header: Sample.fullHeader, tensors: tensors)
      #expect(try writer.byteCount == Sample.written(Sample.fullHeader, tensors).count)
    }
  }

  @Test("the header that is returned is the one in the file")
  func returnsHeader() throws {
    let folder = try TemporaryFolder()
    let output = try OutputFile(path: folder.path("a"), replacingExisting: false)
    let header = try NativeWriter(header: Sample.fullHeader, tensors: Sample.tensors)
      .write(to: output)
    try output.commit()
    let file = try NativeFile(path: folder.path("a"))
    #expect(file.header == header)
    #expect(try header.manifest == Manifest(of: Sample.tensors))
  }

  @Test("the source's digest is computed along the way, and kept where it is not")
  func storesSourceDigest() throws {
    func sha256(_ bytes: [UInt8]) throws -> SHA256Digest? {
      try NativeFile(ByteRegion(copying: bytes)).header.source.sha256
    }
    let digest = SHA256Digest(of: "another source")
    #expect(try sha256(Sample.written(Sample.plainHeader) { digest }) == digest)
    #expect(try sha256(Sample.written(Sample.fullHeader) { digest }) == digest)
    #expect(try sha256(Sample.written(Sample.fullHeader)) == SHA256Digest(of: "source"))
    #expect(try sha256(Sample.written(Sample.plainHeader)) == nil)
  }

  @Test("tensors in the given header do not matter")
  func ignoresGivenTensors() throws {
    let header = try Sample.file().header
    #expect(try Sample.written(header, []) == Sample.written(Sample.plainHeader, []))
  }

  @Test("a failing source leaves nothing behind")
  func passesOnErrors() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    do {
      let writer = try NativeWriter(header: Sample.plainHeader, tensors: Sample.tensors) {
        throw Stop()
      }
      let output = try OutputFile(path: folder.path("a"), replacingExisting: false)
      #expect(throws: Stop.self) { try writer.write(to: output) }
    }
    #expect(folder.names == [])
  }

  @Test("what could not be read back is not written")
  func refusesUnreadable() throws {
    func check(
      _ expected: NativeError, tensors: [Tensor] = Sample.tensors, limits: Limits = .standard,
      _ change: (inout NativeHeader) -> Void = { _ in }
    ) {
      var header = Sample.fullHeader
      change(&header)
      #expect(throws: expected) {
        try NativeWriter(header: header, tensors: tensors, limits: limits)
      }
    }
    check(
      .wrongValue(field: "model.normEpsilon", expected: "a number from 0 on", found: "null")
    ) { $0.model.normEpsilon = .nan }
    check(.wrongValue(field: "model.family", expected: "'convnext'", found: "'resnet'")) {
      $0.model.family = "resnet"
    }
    check(
      .wrongValue(
        field: "preprocessing", expected: "without NaN and infinities", found: "one of them")
    ) { $0.preprocessing = .array([.number(-.infinity)]) }
    check(.duplicateName(tensor: "stem.norm.weight"), tensors: Sample.tensors + Sample.tensors)
    var limits = Limits.standard
    limits.tensorCount = 1
    check(.tooManyTensors(found: 2, limit: 1), limits: limits)
    limits = .standard
    let byteCount = NaiveFile(
      Sample.fullHeader, try Sample.tensors.map { ($0.info, try $0.contiguousBytes().array) }
    ).json.utf8.count
    limits.headerByteCount = byteCount - 1
    check(.headerTooLarge(byteCount: byteCount, limit: byteCount - 1), limits: limits)
  }

  @Test("a file of 2^63 bytes or more is refused before anything is written")
  func refusesHugeFile() throws {
    func huge(_ name: TensorName, _ byteCount: Int) throws -> Tensor {
      try Tensor(
        name: name, elementType: .uint8, shape: [byteCount],
        storage: RegionStorage(ByteRegion(copying: [1])),
        layout: .init(strides: [0], elementOffset: 0))
    }
    func check(_ name: String, _ tensors: [Tensor]) {
      #expect(throws: NativeError.tooLarge(tensor: name)) {
        try NativeWriter(header: Sample.plainHeader, tensors: tensors)
      }
    }
    try check("b", [huge("a", 1 << 62), huge("b", 1 << 62)])
    try check("b", [huge("a", .max), huge("b", 1)])
    try check("a", [huge("a", .max)])
    try check("a", [huge("a", .max - 16383)])
    #expect(
      try NativeWriter(header: Sample.plainHeader, tensors: [huge("a", .max - 16384)]).byteCount
        == .max)
  }

  @Test("null stands for no preprocessing")
  func takesNullPreprocessing() throws {
    var header = Sample.plainHeader
    header.preprocessing = .null
    #expect(try Sample.written(header) == Sample.written(Sample.plainHeader))
  }
}
