import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

@Suite("TorchStateDict")
struct TorchStateDictTests {
  private let storage = RegionStorage(ByteRegion(copying: [UInt8](repeating: 0, count: 64)))

  private func tensor(
    _ shape: [Int], strides: [Int]? = nil, offset: Int = 0, _ type: ElementType = .float32,
    in storage: RegionStorage? = nil
  ) throws -> Tensor {
    try Tensor(
      name: "w", elementType: type, shape: shape, storage: storage ?? self.storage,
      layout: Tensor.Layout(
        strides: strides ?? contiguousStrides(of: shape), elementOffset: offset))
  }

  @Test("tensors stay tied if they are the same elements in the same order, in any shape")
  func ties() throws {
    let first = try tensor([2, 3])
    #expect(try tensor([2, 3]).staysTied(to: first))
    #expect(try tensor([3, 2]).staysTied(to: first))
    #expect(try tensor([6]).staysTied(to: first))
    #expect(try !tensor([3, 2], strides: [1, 3]).staysTied(to: first), "transposed")
    #expect(try !tensor([2, 3], offset: 1).staysTied(to: first), "overlapping")
    #expect(try !tensor([2, 2]).staysTied(to: first), "a part")
    #expect(try !tensor([2, 3], .int32).staysTied(to: first), "another type")
    let other = RegionStorage(ByteRegion(copying: [UInt8](repeating: 0, count: 64)))
    #expect(try !tensor([2, 3], in: other).staysTied(to: first), "another storage")
    #expect(try !tensor([0]).staysTied(to: tensor([0])), "empty")
  }

  @Test("what stays tied has one storage in the file, and everything else one of its own")
  func storages() throws {
    let names: [TensorName] = ["a", "b", "c"]
    let tensors = try [tensor([2, 3]), tensor([3, 2]), tensor([3, 2], strides: [1, 3])]
    let named = zip(tensors, names).map { $0.renamed($1) }
    #expect(try TorchStateDict(named).storages.map(\.name) == ["a", "c"])
  }
}
