import ByteIO
import TensorModel
import Testing

@Suite("TensorStorage")
struct TensorStorageTests {
  @Test("a region is a storage")
  func region() {
    let storage = RegionStorage(ByteRegion(copying: [1, 2, 3]))
    #expect(storage.byteCount == 3)
    #expect(storage.bytes().array == [1, 2, 3])
  }

  @Test("a storage that gives too few bytes is named")
  func sizeError() {
    let error = StorageSizeError(expectedByteCount: 4, foundByteCount: 3)
    #expect(error.message == "a storage should have 4 bytes, and 3 were read")
    #expect(error.rule == "storage-size")
    #expect(error.category == FailureCategory.invalidInput)
  }
}
