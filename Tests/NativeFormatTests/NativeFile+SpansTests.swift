import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import NativeFormat

@Suite("NativeFile+Spans")
struct NativeFileSpansTests {
  /// The elements of a tensor as an array.
  private func elements<Element: NativeElement>(
    _ file: NativeFile, _ name: TensorName, as type: Element.Type
  ) throws -> [Element] {
    try file.withElements(of: name, as: type) { span in span.indices.map { span[$0] } }
  }

  private func file(_ elementType: ElementType, _ shape: [Int], _ bytes: [UInt8]) throws
    -> NativeFile
  {
    try NativeFile(
      ByteRegion(
        copying: Sample.written(
          Sample.plainHeader, [Sample.tensor("a", elementType, shape, bytes)])))
  }

  /// Checks that eight bytes are read as these elements, under each of the type's element types.
  private func check<Element: NativeElement & Equatable>(
    _ expected: [Element], _ elementTypes: [ElementType], _ bytes: [UInt8]
  ) throws {
    #expect(Element.elementTypes == elementTypes)
    for elementType in elementTypes {
      #expect(
        try elements(file(elementType, [expected.count], bytes), "a", as: Element.self) == expected)
    }
  }

  @Test("every type reads the numbers that lie in the file")
  func readsEveryType() throws {
    let bytes: [UInt8] = [0x00, 0x00, 0x80, 0x3F, 0x01, 0xFF, 0x00, 0xC0]
    try check([Float(1), Float(bitPattern: 0xC000_FF01)], [.float32], bytes)
    try check([Double(bitPattern: 0xC000_FF01_3F80_0000)], [.float64], bytes)
    try check(
      [0x0000, 0x3F80, 0xFF01, 0xC000] as [UInt16], [.uint16, .float16, .bfloat16], bytes)
    try check(
      bytes,
      [.uint8, .bool, .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0],
      bytes)
    try check([0, 0, -128, 63, 1, -1, 0, -64] as [Int8], [.int8], bytes)
    try check([0, 0x3F80, -255, -16384] as [Int16], [.int16], bytes)
    try check([0x3F80_0000, -1_073_676_543] as [Int32], [.int32], bytes)
    try check([Int64(bitPattern: 0xC000_FF01_3F80_0000)], [.int64], bytes)
    try check([0x3F80_0000, 0xC000_FF01] as [UInt32], [.uint32], bytes)
    try check([0xC000_FF01_3F80_0000] as [UInt64], [.uint64], bytes)
  }

  #if !(arch(x86_64) && (os(macOS) || targetEnvironment(macCatalyst)))
    @Test("half-precision numbers are read as such where the system has them")
    func readsFloat16() throws {
      try check([1, -2, 0.25, 0] as [Float16], [.float16], [0, 0x3C, 0, 0xC0, 0, 0x34, 0, 0])
    }
  #endif

  @Test("the elements are those in memory, not a copy")
  func copiesNothing() throws {
    let folder = try TemporaryFolder()
    let file = try NativeFile(path: folder.write(Sample.written(), to: "a.convnext"))
    let tensor = try #require(file.tensor(named: "head.classifier.bias"))
    let inFile = try tensor.storage.bytes().withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    let seen = try file.withElements(of: tensor.name, as: UInt16.self) { span in
      span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
    #expect(seen == inFile)
    #expect(seen % 64 == 0)
  }

  @Test("a file at any place in memory is read, aligned or not", arguments: 0..<8)
  func readsUnaligned(_ shift: Int) throws {
    let bytes = try Sample.written()
    let shifted = ByteRegion(copying: [UInt8](repeating: 9, count: shift) + bytes)
    let file = try NativeFile(
      #require(shifted.slice(offset: shift, byteCount: bytes.count)))
    #expect(try elements(file, "stem.norm.weight", as: Float.self) == [1, -0.5])
    #expect(try elements(file, "head.classifier.bias", as: UInt16.self) == [0x3400, 0x4000])
    #expect(try file.verify() == [])
  }

  @Test("scalars have one element and empty tensors none")
  func readsScalarsAndEmptyTensors() throws {
    #expect(try elements(file(.float32, [], Sample.floats([2.5])), "a", as: Float.self) == [2.5])
    #expect(try elements(file(.float64, [3, 0], []), "a", as: Double.self) == [])
  }

  @Test("numbers of another type are refused")
  func refusesOtherType() throws {
    let file = try Sample.file()
    #expect(
      throws: NativeError.elementTypeMismatch(
        tensor: "stem.norm.weight", expected: "U16 or F16 or BF16", found: "F32")
    ) { try elements(file, "stem.norm.weight", as: UInt16.self) }
    #expect(
      throws: NativeError.elementTypeMismatch(
        tensor: "head.classifier.bias", expected: "F32", found: "F16")
    ) { try elements(file, "head.classifier.bias", as: Float.self) }
  }

  @Test("a tensor that is not there is named")
  func refusesUnknownName() throws {
    let file = try Sample.file()
    #expect(throws: NativeError.noSuchTensor("stem.norm")) {
      try elements(file, "stem.norm", as: Float.self)
    }
  }

  @Test("what the caller throws is passed on")
  func passesOnErrors() throws {
    struct Stop: Error {}
    let file = try Sample.file()
    #expect(throws: Stop.self) {
      try file.withElements(of: "stem.norm.weight", as: Float.self) { _ in throw Stop() }
    }
  }
}
