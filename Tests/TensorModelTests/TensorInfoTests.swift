import ByteIO
import TensorModel
import Testing

@Suite("TensorInfo")
struct TensorInfoTests {
  @Test("what is known of a tensor without its values")
  func info() throws {
    let tensor = try Tensor(
      name: "w", elementType: .int16, shape: [2, 1],
      storage: RegionStorage(ByteRegion(copying: [1, 2, 3, 4])))
    #expect(tensor.info == TensorInfo(name: "w", elementType: .int16, shape: [2, 1]))
    #expect(tensor.info != TensorInfo(name: "w", elementType: .int16, shape: [2]))
    #expect(tensor.info != TensorInfo(name: "w", elementType: .uint16, shape: [2, 1]))
  }
}
