import TensorModel
import Testing

@testable import SafetensorsFormat

@Suite("ElementType, in safetensors")
struct ElementTypeSafetensorsTests {
  @Test("all types but integers of 4 bits and the complex ones of 32 and 128 have a tag")
  func complete() {
    let missing = ElementType.allCases.filter { elementTypeByTag[$0.name] != $0 }
    #expect(missing == [.complex32, .complex128, .int4])
    #expect(safetensorsElementTypes.count == 22)
    #expect(rankByElementType.count == 22)
  }

  @Test("types come in the order of their widths")
  func order() {
    let widths = safetensorsElementTypes.dropFirst(4).map(\.bitWidth)
    #expect(widths == widths.sorted())
    #expect(rankByElementType[.bool] == 0)
    #expect(rankByElementType[.uint64] == 21)
  }
}
