import ByteIO
import Testing

@testable import Convert
@testable import TorchFormat

@Suite("NumpyScalar")
struct NumpyScalarTests {
  private func object(
    _ code: String, _ bytes: [UInt8], order: String = "<", module: String = "numpy._core.multiarray"
  ) -> TorchObject {
    let elementType = TorchObject(
      GlobalName(module: "numpy", name: "dtype"),
      arguments: [.string(code), .bool(false), .bool(true)],
      state: .tuple([.integer(3), .string(order), .none]))
    return TorchObject(
      GlobalName(module: module, name: "scalar"), arguments: [.object(elementType), .bytes(bytes)])
  }

  @Test(
    "numbers are read from their bytes, in either order",
    arguments: [
      ("b1", [1], "|", "bool", .bool(true)), ("i1", [0xFE], "|", "int8", .integer(-2)),
      ("i2", [0xFF, 0], ">", "int16", .integer(-256)),
      ("i8", [0xF9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "<", "int64", .integer(-7)),
      ("u4", [1, 2, 3, 0x84], "<", "uint32", .integer(0x8403_0201)),
      (
        "u8", [UInt8](repeating: 0xFF, count: 8), "<", "uint64",
        .bigInteger("18446744073709551615")
      ),
      ("f2", [0, 0x3E], "<", "float16", .number(1.5)),
      ("f8", [0x3F, 0xEA, 0, 0, 0, 0, 0, 0], ">", "float64", .number(0.8125)),
      ("f4", [0, 0, 0xC0, 0x7F], "<", "float32", .string("nan")),
    ] as [(String, [UInt8], String, String, JSONValue)])
  func numbers(
    _ code: String, _ bytes: [UInt8], _ order: String, _ name: String, _ value: JSONValue
  ) throws {
    for module in ["numpy.core.multiarray", "numpy._core.multiarray"] {
      let scalar = try #require(
        NumpyScalar(object(code, bytes, order: order, module: module)))
      #expect(scalar.typeName == "numpy.\(name)")
      #expect(scalar.value == value)
    }
  }

  @Test("other objects are none")
  func others() {
    #expect(NumpyScalar(object("f8", [0, 0, 0, 0])) == nil)
    #expect(NumpyScalar(object("M8", [0, 0, 0, 0, 0, 0, 0, 0])) == nil)
    #expect(NumpyScalar(object("i1", [1], module: "numpy")) == nil)
  }
}
