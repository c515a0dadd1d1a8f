import ByteIO
import TensorModel
import Testing

@testable import NativeFormat

@Suite("NativeHeader+Layout")
struct NativeHeaderLayoutTests {
  /// A tensor's claims: name, element type, shape, offset, byte count.
  private typealias Claim = (String, ElementType, [Int], Int, Int)

  private func byteCount(
    _ claims: [Claim], limits: Limits = .standard
  ) throws(NativeError) -> Int {
    var header = Sample.plainHeader
    header.tensors = claims.map { name, elementType, shape, offset, byteCount in
      NativeHeader.Entry(
        info: TensorInfo(name: TensorName(name), elementType: elementType, shape: shape),
        dataOffset: offset, byteCount: byteCount, digest: SHA256Digest(of: ""))
    }
    return try header.dataByteCount(limits: limits)
  }

  @Test("tensors lie one behind another, each at a multiple of 64")
  func laysOut() throws {
    #expect(try byteCount([]) == 0)
    #expect(try byteCount([("a", .float32, [], 0, 4)]) == 4)
    #expect(try byteCount([("a", .uint8, [64], 0, 64), ("b", .uint8, [1], 64, 1)]) == 65)
    #expect(try byteCount([("a", .uint8, [65], 0, 65), ("b", .uint8, [1], 128, 1)]) == 129)
    #expect(try byteCount([("a", .float4, [3, 2], 0, 3)]) == 3)
  }

  @Test("empty tensors take no bytes, but their successors and they themselves are aligned")
  func laysOutEmptyTensors() throws {
    #expect(try byteCount([("a", .float32, [0, 7], 0, 0), ("b", .float64, [0], 0, 0)]) == 0)
    #expect(
      try byteCount([("a", .uint8, [1], 0, 1), ("b", .float64, [0], 64, 0)]) == 64)
    #expect(
      try byteCount([
        ("a", .uint8, [1], 0, 1), ("b", .float64, [0], 64, 0), ("c", .uint8, [2], 64, 2),
      ]) == 66)
  }

  @Test(
    "a tensor anywhere else is refused",
    arguments: [0, 1, 4, 60, 63, 65, 128, 1 << 40, .max, -64, .min])
  func refusesOtherOffset(_ offset: Int) {
    #expect(throws: NativeError.badOffset(tensor: "b", offset: offset, expected: 64)) {
      try byteCount([("a", .float32, [], 0, 4), ("b", .float32, [], offset, 4)])
    }
  }

  @Test("the first tensor begins with the data")
  func refusesFirstGap() {
    #expect(throws: NativeError.badOffset(tensor: "a", offset: 64, expected: 0)) {
      try byteCount([("a", .float32, [], 64, 4)])
    }
  }

  @Test("a tensor has as many bytes as its type and shape take")
  func refusesOtherByteCount() {
    func check(_ elementType: ElementType, _ shape: [Int], _ found: Int, _ expected: Int?) {
      #expect(
        throws: NativeError.wrongByteCount(tensor: "a", expected: expected, found: found)
      ) { try byteCount([("a", elementType, shape, 0, found)]) }
    }
    check(.float32, [2, 3], 23, 24)
    check(.float32, [2, 3], 25, 24)
    check(.float32, [], 0, 4)
    check(.float32, [0], 4, 0)
    check(.float32, [2], -8, 8)
    check(.float4, [3], 2, nil)
    check(.uint8, [1 << 62, 2], 0, nil)
    check(.float64, [1 << 60], .max, nil)
    check(.float64, [1 << 60, 0, 1 << 62], 4, 0)
    check(.float32, [-1], -4, nil)
    check(.float32, [-1, -1], 4, nil)
  }

  @Test("two tensors of one name are refused, compared by their bytes")
  func refusesDuplicateNames() throws {
    #expect(throws: NativeError.duplicateName(tensor: "a")) {
      try byteCount([("a", .uint8, [1], 0, 1), ("b", .uint8, [1], 64, 1), ("a", .uint8, [1], 7, 9)])
    }
    #expect(
      try byteCount([("\u{E9}", .uint8, [1], 0, 1), ("e\u{301}", .uint8, [1], 64, 1)]) == 65)
  }

  @Test("more dimensions than the limit are refused")
  func refusesManyDimensions() throws {
    let ones = [Int](repeating: 1, count: 65)
    #expect(try byteCount([("a", .uint8, ones.dropLast(), 0, 1)]) == 1)
    #expect(throws: NativeError.tooManyDimensions(tensor: "a", found: 65, limit: 64)) {
      try byteCount([("a", .uint8, ones, 0, 1)])
    }
  }

  @Test("sizes that add up to 2^63 or more are refused")
  func refusesOverflow() throws {
    let half = 1 << 62
    #expect(try byteCount([("a", .uint8, [.max], 0, .max)]) == .max)
    #expect(throws: NativeError.tooLarge(tensor: "b")) {
      try byteCount([("a", .uint8, [.max], 0, .max), ("b", .uint8, [0], .max, 0)])
    }
    #expect(throws: NativeError.tooLarge(tensor: "b")) {
      try byteCount([("a", .uint8, [half], 0, half), ("b", .uint8, [half], half, half)])
    }
  }
}
