import ByteIO
import Testing

@testable import NativeFormat

@Suite("NativeLayout")
struct NativeLayoutTests {
  @Test(
    "numbers are rounded up to a multiple",
    arguments: [
      (0, 64, 0), (1, 64, 64), (63, 64, 64), (64, 64, 64), (65, 64, 128), (16384, 16384, 16384),
      (.max - 63, 64, .max - 63), (.max - 62, 64, nil), (.max, 64, nil),
    ] as [(Int, Int, Int?)])
  func roundsUp(_ value: Int, _ alignment: Int, _ expected: Int?) {
    #expect(NativeLayout.roundUp(value, to: alignment) == expected)
  }

  @Test(
    "the data begin at the first page behind preamble and header",
    arguments: [
      (0, 16384), (1, 16384), (16256, 16384), (16257, 32768), (.max, nil), (.max - 128, nil),
      (.max - 16383 - 128, .max - 16383),
    ] as [(Int, Int?)])
  func placesData(_ headerByteCount: Int, _ expected: Int?) {
    #expect(NativeLayout.dataOffset(headerByteCount: headerByteCount) == expected)
  }

  @Test("the fields of the preamble and its reserved bytes fill it without overlaps")
  func coversPreamble() {
    let fields = [
      0..<NativeLayout.magic.count, NativeLayout.versionOffset..<NativeLayout.versionOffset + 4,
      NativeLayout.headerByteCountOffset..<NativeLayout.headerByteCountOffset + 8,
      NativeLayout.dataOffsetOffset..<NativeLayout.dataOffsetOffset + 8,
      NativeLayout.fileByteCountOffset..<NativeLayout.fileByteCountOffset + 8,
      NativeLayout.digestRange,
    ]
    #expect((fields + NativeLayout.reserved).joined().sorted() == Array(0..<128))
  }

  @Test("the header's digest takes its own bytes for zeros", arguments: [128, 129, 16384])
  func digestsHeader(_ byteCount: Int) {
    let head = Sample.bytes(byteCount, seed: 1)
    let zeroed = head[..<40] + [UInt8](repeating: 0, count: 32) + head[72...]
    #expect(
      NativeLayout.headerDigest(of: ByteRegion(copying: head))
        == SHA256Digest(of: ByteRegion(copying: zeroed)))
  }
}
