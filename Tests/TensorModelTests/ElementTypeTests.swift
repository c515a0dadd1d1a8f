import TensorModel
import Testing

@Suite("ElementType")
struct ElementTypeTests {
  /// Bits, bytes and bytes of a component of every type.
  static let table: [(ElementType, String, Int, Int?, Int)] = [
    (.float64, "F64", 64, 8, 8), (.float32, "F32", 32, 4, 4), (.float16, "F16", 16, 2, 2),
    (.bfloat16, "BF16", 16, 2, 2), (.float8E4M3, "F8_E4M3", 8, 1, 1),
    (.float8E5M2, "F8_E5M2", 8, 1, 1), (.float8E4M3FNUZ, "F8_E4M3FNUZ", 8, 1, 1),
    (.float8E5M2FNUZ, "F8_E5M2FNUZ", 8, 1, 1), (.float8E8M0, "F8_E8M0", 8, 1, 1),
    (.float6E2M3, "F6_E2M3", 6, nil, 1), (.float6E3M2, "F6_E3M2", 6, nil, 1),
    (.float4, "F4", 4, nil, 1), (.complex32, "C32", 32, 4, 2), (.complex64, "C64", 64, 8, 4),
    (.complex128, "C128", 128, 16, 8), (.int64, "I64", 64, 8, 8), (.int32, "I32", 32, 4, 4),
    (.int16, "I16", 16, 2, 2), (.int8, "I8", 8, 1, 1),
    (.int4, "I4", 4, nil, 1), (.uint64, "U64", 64, 8, 8),
    (.uint32, "U32", 32, 4, 4), (.uint16, "U16", 16, 2, 2), (.uint8, "U8", 8, 1, 1),
    (.bool, "BOOL", 8, 1, 1),
  ]

  @Test("every type has its name and widths", arguments: table)
  func widths(
    type: ElementType, name: String, bitWidth: Int, byteWidth: Int?, componentByteWidth: Int
  ) {
    #expect(type.name == name)
    #expect(ElementType(rawValue: name) == type)
    #expect(type.bitWidth == bitWidth)
    #expect(type.byteWidth == byteWidth)
    #expect(type.componentByteWidth == componentByteWidth)
    #expect(type.isComplex == name.hasPrefix("C"))
    #expect(type.isFloatingPoint == (name.hasPrefix("F") || name.hasPrefix("BF")))
  }

  @Test("the table above is complete")
  func complete() {
    #expect(Self.table.map(\.0) == ElementType.allCases)
  }

  @Test(
    "bytes of some elements, where there is such a number",
    arguments: [
      (.float32, 3, 12), (.float32, 0, 0), (.float4, 2, 1), (.float4, 3, nil), (.float4, 0, 0),
      (.float6E2M3, 4, 3), (.float6E3M2, 2, nil), (.bool, 5, 5), (.complex128, 2, 32),
      // More bits than 63 bits can count, and fewer bytes.
      (.uint8, .max, .max), (.float64, .max / 8, .max / 8 * 8), (.float64, .max / 8 + 1, nil),
      (.float4, .max, nil), (.complex128, .max, nil), (.float32, -1, nil), (.float4, -2, nil),
    ] as [(ElementType, Int, Int?)])
  func byteCounts(type: ElementType, elementCount: Int, byteCount: Int?) {
    #expect(type.byteCount(elementCount: elementCount) == byteCount)
  }
}
