import ByteIO
import TensorModel
import Testing

@Suite("Tensor")
struct TensorTests {
  private static func storage(_ byteCount: Int) -> RegionStorage {
    RegionStorage(ByteRegion(copying: [UInt8](repeating: 0, count: byteCount)))
  }

  private static func tensor(
    _ type: ElementType, _ shape: [Int], strides: [Int], offset: Int = 0, in byteCount: Int,
    isBigEndian: Bool = false, operation: Tensor.Operation = .none
  ) throws(Tensor.LayoutError) -> Tensor {
    try Tensor(
      name: "w", elementType: type, shape: shape, storage: storage(byteCount),
      layout: Tensor.Layout(
        strides: strides, elementOffset: offset, isBigEndian: isBigEndian, operation: operation))
  }

  @Test(
    "a layout that stays within its storage is accepted",
    arguments: [
      (.float32, [2, 3], [3, 1], 0, 24), (.float32, [3, 2], [1, 3], 0, 24),
      (.float32, [2], [4], 1, 24), (.float32, [], [], 5, 24), (.float32, [1000], [0], 5, 24),
      (.float32, [0], [1], 99, 0), (.float32, [0, 1 << 40], [.max, 7], .max, 0),
      (.float32, [2, 1], [1, .max], 0, 8), (.uint8, [4], [2], 0, 7), (.float4, [4], [1], 0, 2),
      (.float6E2M3, [2, 2], [2, 1], 0, 3), (.complex128, [1], [1], 0, 16),
    ] as [(ElementType, [Int], [Int], Int, Int)])
  func accepted(
    type: ElementType, shape: [Int], strides: [Int], offset: Int, storageByteCount: Int
  ) throws {
    let tensor = try Self.tensor(
      type, shape, strides: strides, offset: offset, in: storageByteCount)
    #expect(tensor.elementCount == shape.reduce(1, *))
    #expect(tensor.byteCount == type.byteCount(elementCount: tensor.elementCount))
  }

  @Test(
    "a layout that does not is refused, whatever the numbers",
    arguments: [
      (
        .float32, [2, 3], [3, 1], 0, 23,
        .outOfBounds(neededByteCount: 24, storageByteCount: 23)
      ),
      (.float32, [2], [4], 2, 24, .outOfBounds(neededByteCount: 28, storageByteCount: 24)),
      (.float32, [], [], 6, 24, .outOfBounds(neededByteCount: 28, storageByteCount: 24)),
      (.float32, [1], [1], 0, 0, .outOfBounds(neededByteCount: 4, storageByteCount: 0)),
      (.float4, [4], [1], 0, 1, .outOfBounds(neededByteCount: 2, storageByteCount: 1)),
      (.uint8, [2], [.max], 0, 8, .shapeOverflows),
      (.uint8, [3], [.max], 0, 8, .shapeOverflows),
      (.uint8, [2], [1], .max, 8, .shapeOverflows),
      (.float64, [2], [.max / 8], 0, 8, .shapeOverflows),
      (.float32, [-1], [1], 0, 8, .shapeOverflows),
      (.float32, [.max, 2], [2, 1], 0, 8, .shapeOverflows),
      (.float64, [.max], [1], 0, 8, .shapeOverflows),
      (.float4, [3], [1], 0, 8, .shapeOverflows),
      (.float32, [2], [], 0, 8, .strideCount(expected: 1, found: 0)),
      (.float32, [], [1], 0, 8, .strideCount(expected: 0, found: 1)),
      (.float32, [2], [-1], 1, 8, .negativeLayout),
      (.float32, [2], [1], -1, 8, .negativeLayout),
      (.float32, [0], [1], -1, 8, .negativeLayout),
      (.float4, [2, 2], [1, 2], 0, 8, .packedButStrided),
      (.float4, [2], [1], 2, 8, .packedButStrided),
    ] as [(ElementType, [Int], [Int], Int, Int, Tensor.LayoutError)])
  func refused(
    type: ElementType, shape: [Int], strides: [Int], offset: Int, storageByteCount: Int,
    error: Tensor.LayoutError
  ) {
    #expect(throws: error) {
      try Self.tensor(type, shape, strides: strides, offset: offset, in: storageByteCount)
    }
  }

  @Test("packed elements are what is stored: they have no sign to flip on the way")
  func packedWithOperation() {
    #expect(throws: Tensor.LayoutError.packedButStrided) {
      try Self.tensor(.float4, [2], strides: [1], in: 8, operation: .negate)
    }
  }

  @Test("empty tensors of any shape are row-major")
  func emptyTensors() throws {
    let tensor = try Tensor(
      name: "w", elementType: .float32, shape: [0, 3, 1 << 62], storage: Self.storage(0))
    #expect(tensor.byteCount == 0)
    #expect(tensor.isStoredPlainly)
  }

  @Test(
    "contiguous is what PyTorch's is_contiguous says",
    arguments: [
      ([2, 3], [3, 1], true), ([2, 3], [1, 2], false), ([2, 1], [1, 99], true),
      ([1, 3], [99, 1], true), ([2, 3], [4, 1], false), ([], [], true), ([0, 3], [7, 9], true),
      ([3], [0], false), ([1], [0], true), ([2, 2, 2], [4, 2, 1], true),
    ] as [([Int], [Int], Bool)])
  func contiguity(shape: [Int], strides: [Int], expected: Bool) throws {
    #expect(try Self.tensor(.uint8, shape, strides: strides, in: 100).isContiguous == expected)
  }

  @Test("stored plainly means row-major, little-endian and unchanged")
  func plainStorage() throws {
    #expect(try Self.tensor(.int16, [2], strides: [1], in: 4).isStoredPlainly)
    #expect(try Self.tensor(.int16, [2], strides: [1], offset: 1, in: 6).isStoredPlainly)
    #expect(try !Self.tensor(.int16, [2], strides: [2], in: 6).isStoredPlainly)
    #expect(try !Self.tensor(.int16, [2], strides: [1], in: 4, isBigEndian: true).isStoredPlainly)
    #expect(try Self.tensor(.int8, [2], strides: [1], in: 4, isBigEndian: true).isStoredPlainly)
    #expect(
      try !Self.tensor(.complex64, [2], strides: [1], in: 16, operation: .conjugate)
        .isStoredPlainly)
  }

  @Test("a tensor can be renamed, and unit dimensions may come and go")
  func renaming() throws {
    let tensor = try Self.tensor(.uint8, [4, 1, 3], strides: [1, 50, 4], offset: 2, in: 20)
    let renamed = tensor.renamed("v")
    #expect(renamed.info == TensorInfo(name: "v", elementType: .uint8, shape: [4, 1, 3]))
    #expect(renamed.layout == tensor.layout)
    #expect(renamed.storage === tensor.storage)

    let reshaped = tensor.renamed("v", shape: [1, 4, 3, 1, 1])
    #expect(reshaped.shape == [1, 4, 3, 1, 1])
    #expect(reshaped.layout.strides == [1, 1, 4, 1, 1])
    #expect(reshaped.layout.elementOffset == 2)
    #expect(reshaped.elementCount == 12)
    #expect(try reshaped.digest() == tensor.digest())
    #expect(reshaped.renamed("w", shape: [4, 3]).shape == [4, 3])
  }

  @Test("another reshape is a programming error")
  func badReshape() async {
    await #expect(processExitsWith: .failure) {
      let tensor = try Tensor(
        name: "w", elementType: .uint8, shape: [2, 3],
        storage: RegionStorage(ByteRegion(copying: [1, 2, 3, 4, 5, 6])))
      _ = tensor.renamed("w", shape: [3, 2])
    }
  }
}
