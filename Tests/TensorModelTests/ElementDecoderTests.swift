import ByteIO
import TensorModel
import TestSupport
import Testing

@Suite("Element decoding")
struct ElementDecoderTests {
  private func decoded<Value: BinaryFloatingPoint>(
    _ elementType: ElementType, _ bytes: [UInt8],
    _ decode: (ElementDecoder, RawSpan, inout MutableSpan<Value>) -> Int
  ) throws -> [Value] {
    let decoder = try #require(ElementDecoder(elementType))
    let region = ByteRegion(copying: [0] + bytes).slice(offset: 1, byteCount: bytes.count)
    let source = try #require(region)
    var values = [Value](repeating: 77, count: bytes.count / elementType.componentByteWidth)
    let count = values.withUnsafeMutableBufferPointer { buffer in
      var span = MutableSpan(_unsafeElements: buffer)
      return decode(decoder, source.bytes, &span)
    }
    #expect(count == values.count)
    return values
  }

  private func doubles(_ elementType: ElementType, _ bytes: [UInt8]) throws -> [Double] {
    try decoded(elementType, bytes) { $0.decode($1, into: &$2) }
  }

  private func floats(_ elementType: ElementType, _ bytes: [UInt8]) throws -> [Float] {
    try decoded(elementType, bytes) { $0.decode($1, into: &$2) }
  }

  private static let all16Bits = (0...UInt16.max).flatMap { $0.littleEndianBytes }

  /// Values as bits, with one pattern for all NaNs.
  private func patterns(_ values: [Double]) -> [UInt64] {
    values.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
  }

  @Test(
    "all patterns of the small floating-point types are what the definition says",
    arguments: [
      ElementType.float16, .bfloat16, .float8E4M3, .float8E5M2, .float8E4M3FNUZ,
      .float8E5M2FNUZ, .float8E8M0,
    ])
  func exhaustive(elementType: ElementType) throws {
    let is16Bits = elementType.byteWidth == 2
    let bytes = is16Bits ? Self.all16Bits : [UInt8](0...255)
    let expected = (0..<(is16Bits ? 65536 : 256)).map { naiveValue(elementType, bits: $0) }
    #expect(try patterns(doubles(elementType, bytes)) == patterns(expected))
    #expect(
      try patterns(floats(elementType, bytes).map { Double($0) }) == patterns(expected))
  }

  /// SHA-256 of all patterns as float32, NaN and infinities replaced by numbers:
  /// `t.view(dtype).to(float32).nan_to_num(nan=12345, posinf=54321, neginf=-54321)` with
  /// PyTorch 2.
  @Test(
    "PyTorch reads the 8-bit floating-point types the same way",
    arguments: [
      (
        ElementType.float8E4M3,
        "60efb1d40706a18a8834b00445a3e025c9f2bc953f6acbf3dc1d3caa17950418"
      ),
      (.float8E5M2, "f3c803d4c04cfdbbe638b42ee2eb6ab66382eaa97821da6796e97045f3905439"),
      (.float8E4M3FNUZ, "c48de4101485a47b602dd84af4534675961d470f8e3ce4f88b56f3da32f69f31"),
      (.float8E5M2FNUZ, "c907f923be29a5ca0cc09d91c98cb490846042e5b6f266c4727c7c421b569ce5"),
      (.float8E8M0, "1783ab309d1e67a0a07690d06d9056e561df8a01af1a094ea84d420603e58ee8"),
    ])
  func torchOracle(elementType: ElementType, digest: String) throws {
    let bytes = try floats(elementType, [UInt8](0...255)).flatMap { value in
      let number: Float =
        value.isNaN ? 12345 : value.isInfinite ? (value < 0 ? -54321 : 54321) : value
      return number.bitPattern.littleEndianBytes
    }
    #expect(SHA256Digest(of: ByteRegion(copying: bytes)).hex == digest)
  }

  @Test("a NaN of F16 keeps its sign and payload")
  func float16NaN() {
    #expect(Float(float16Bits: 0x7E00).bitPattern == 0x7FC0_0000)
    #expect(Float(float16Bits: 0xFE01).bitPattern == 0xFFC0_2000)
    #expect(Float(float16Bits: 0x8001).bitPattern == (-0x1p-24 as Float).bitPattern)
  }

  @Test("integers and truth values")
  func integers() throws {
    #expect(try doubles(.uint8, [0, 1, 255]) == [0, 1, 255])
    #expect(try doubles(.int8, [0, 1, 255, 128]) == [0, 1, -1, -128])
    #expect(try doubles(.bool, [0, 1, 2, 255]) == [0, 1, 1, 1])
    #expect(
      try doubles(.uint16, Self.all16Bits) == (0...65535).map { Double($0) })
    #expect(
      try doubles(.int16, Self.all16Bits)
        == (0...65535).map { Double(Int16(truncatingIfNeeded: $0)) })
    #expect(
      try doubles(.int32, [Int32.min, -1, 7, .max].flatMap(\.littleEndianBytes))
        == [-2_147_483_648, -1, 7, 2_147_483_647])
    #expect(
      try doubles(.uint32, [UInt32.min, 7, .max].flatMap(\.littleEndianBytes))
        == [0, 7, 4_294_967_295])
    #expect(
      try doubles(.int64, [Int64.min, -1, 1 << 53 + 1, .max].flatMap(\.littleEndianBytes))
        == [-0x1p63, -1, 0x1p53, 0x1p63])
    #expect(
      try doubles(.uint64, [UInt64.min, 7, .max].flatMap(\.littleEndianBytes))
        == [0, 7, 0x1p64])
  }

  @Test("F32 and F64, and the parts of complex numbers")
  func wideFloats() throws {
    let numbers: [Double] = [0, -0.0, 1.5, -0x1p-149, 0x1.8p127, .infinity, -.infinity]
    let narrow = numbers.flatMap { Float($0).bitPattern.littleEndianBytes }
    let wide = numbers.flatMap { $0.bitPattern.littleEndianBytes }
    for type in [ElementType.float32, .complex64] {
      #expect(try patterns(doubles(type, narrow)) == patterns(numbers))
      #expect(try floats(type, narrow).map { Double($0) } == numbers)
    }
    for type in [ElementType.float64, .complex128] {
      #expect(try patterns(doubles(type, wide)) == patterns(numbers))
      #expect(try floats(type, wide).map { Double($0) } == numbers)
    }
    #expect(try floats(.float64, (0.1 as Double).bitPattern.littleEndianBytes) == [0.1])
    #expect(try doubles(.complex32, [0, 0x3C, 0, 0xC0]) == [1, -2])
  }

  @Test("packed types have no decoder, all others have one")
  func decoders() {
    let without = ElementType.allCases.filter { ElementDecoder($0) == nil }
    #expect(without == [.float6E2M3, .float6E3M2, .float4, .int4])
  }

  @Test("bytes of an unfinished number are left out")
  func unfinished() throws {
    #expect(try doubles(.uint16, [1, 0, 9]) == [1])
  }
}

extension FixedWidthInteger {
  /// The bytes of the number, the lowest first.
  var littleEndianBytes: [UInt8] {
    (0..<(Self.bitWidth / 8)).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }
}

/// The naive twin of decoding: sign, exponent and fraction read off a string of binary digits,
/// powers by repeated multiplication.
func naiveValue(_ elementType: ElementType, bits: Int) -> Double {
  let (exponentWidth, fractionWidth, bias): (Int, Int, Int) =
    switch elementType {
    case .float16: (5, 10, 15)
    case .bfloat16: (8, 7, 127)
    case .float8E4M3: (4, 3, 7)
    case .float8E5M2: (5, 2, 15)
    case .float8E4M3FNUZ: (4, 3, 8)
    case .float8E5M2FNUZ: (5, 2, 16)
    default: (8, 0, 127)
    }
  let digits = String(bits, radix: 2)
  let text = String(repeating: "0", count: elementType.bitWidth - digits.count) + digits
  func power(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(exponent) { result *= exponent < 0 ? 0.5 : 2 }
    return result
  }
  if elementType == .float8E8M0 { return bits == 255 ? .nan : power(bits - bias) }
  let sign = text.hasPrefix("1") ? -1.0 : 1.0
  let exponent = text.dropFirst().prefix(exponentWidth)
  let fraction = text.suffix(fractionWidth)
  let isAllOnes = !exponent.contains("0")
  switch elementType {
  case .float16, .bfloat16, .float8E5M2:
    if isAllOnes { return fraction.contains("1") ? .nan : sign * .infinity }
  case .float8E4M3: if !text.dropFirst().contains("0") { return .nan }
  default: if text == "10000000" { return .nan }
  }
  var significand = exponent.contains("1") ? 1.0 : 0.0
  for (index, digit) in fraction.enumerated() where digit == "1" {
    significand += power(-1 - index)
  }
  let stored = Int(exponent, radix: 2) ?? 0
  return sign * significand * power(max(stored, 1) - bias)
}
