import ByteIO
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@Suite("SafetensorsWriter")
struct SafetensorsWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a file and gives its bytes.
  private func written(
    _ tensors: [Tensor], metadata: [SafetensorsMetadataEntry] = []
  ) throws -> [UInt8] {
    let writer = try SafetensorsWriter(tensors: tensors, metadata: metadata)
    let output = try OutputFile(path: folder.path("out"), replacingExisting: true)
    try writer.write(to: output)
    try output.commit()
    let bytes = try folder.bytes("out")
    #expect(bytes.count == writer.byteCount)
    return bytes
  }

  private func tensor(
    _ name: TensorName, _ type: ElementType, _ shape: [Int], _ bytes: [UInt8]
  ) throws -> Tensor {
    try Tensor(
      name: name, elementType: type, shape: shape,
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  @Test(
    "files of the reference library come out as they were, byte for byte",
    arguments: [
      "names/timm.safetensors", "names/facebook.safetensors", "names/huggingface.safetensors",
      "names/torchvision.safetensors", "safetensors/dtypes.safetensors",
      "safetensors/empty.safetensors", "safetensors/metadata.safetensors",
      "safetensors/unicode-names.safetensors", "safetensors/timm-mini.safetensors",
    ])
  func sameBytes(name: String) throws {
    let file = try SafetensorsFile(Fixtures.bytes(name))
    #expect(
      try written(file.tensors.shuffled(), metadata: file.metadata) == Fixtures.bytes(name).array)
  }

  @Test(
    "what is read, written and read again is the same",
    arguments: try FixtureManifest.readable(container: "safetensors"))
  func roundTrip(fixture: FixtureFile) throws {
    let file = try SafetensorsFile(fixture.bytes())
    let bytes = try written(file.tensors, metadata: file.metadata)
    let again = try SafetensorsFile(ByteRegion(copying: bytes))
    #expect(try Manifest(of: again.tensors) == Manifest(of: file.tensors))
    #expect(again.metadata == file.metadata)
    #expect(again.headerByteCount % 8 == 0)
    // Once more changes nothing.
    #expect(try written(again.tensors, metadata: again.metadata) == bytes)
  }

  @Test("wider types come first, then names in the order of their bytes")
  func order() throws {
    let writer = try SafetensorsWriter(tensors: [
      tensor("b", .uint8, [1], [1]), tensor("a", .uint8, [1], [2]),
      tensor("c", .uint64, [1], [UInt8](repeating: 0, count: 8)),
      tensor("é", .float32, [1], [0, 0, 0, 0]), tensor("z", .float32, [1], [0, 0, 0, 0]),
      tensor("d", .float16, [1], [0, 0]), tensor("e", .bfloat16, [1], [0, 0]),
    ])
    #expect(writer.tensors.map(\.name) == ["c", "z", "é", "e", "d", "a", "b"])
  }

  @Test("no tensors are a file of sixteen bytes")
  func empty() throws {
    #expect(try written([]) == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
  }

  @Test("strings are escaped as serde_json does")
  func escapes() throws {
    let name = "\"\\/\u{8}\u{9}\u{A}\u{B}\u{C}\u{D}\u{1F}\u{7F}é"
    let bytes = try written(
      [tensor(TensorName(name), .uint8, [], [7])],
      metadata: [
        SafetensorsMetadataEntry(key: "k\n", value: "v\u{0}"),
        SafetensorsMetadataEntry(key: "a", value: ""),
      ])
    let header =
      #"{"__metadata__":{"k\n":"v\u0000","a":""},"#
      + #""\"\\/\b\t\n\u000b\f\r\u001f"# + "\u{7F}é"
      + #"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(Array(bytes.dropFirst(8).dropLast()) == Array((header + padding).utf8))
    #expect(try SafetensorsFile(ByteRegion(copying: bytes)).tensors[0].name == TensorName(name))
  }

  @Test("strided, shared and big-endian tensors are written out plainly")
  func layouts() throws {
    let storage = RegionStorage(ByteRegion(copying: [1, 2, 3, 4, 5, 6]))
    func view(_ name: TensorName, _ shape: [Int], _ layout: Tensor.Layout) throws -> Tensor {
      try Tensor(name: name, elementType: .uint16, shape: shape, storage: storage, layout: layout)
    }
    let bytes = try written([
      view("big", [2], Tensor.Layout(strides: [1], elementOffset: 1, isBigEndian: true)),
      view("expanded", [3], Tensor.Layout(strides: [0], elementOffset: 2)),
      view("reversed", [2, 1], Tensor.Layout(strides: [2, 1], elementOffset: 0)),
      view("same", [2, 1], Tensor.Layout(strides: [2, 1], elementOffset: 0)),
    ])
    let file = try SafetensorsFile(ByteRegion(copying: bytes))
    #expect(
      try file.tensors.map { try $0.contiguousBytes().array } == [
        [4, 3, 6, 5], [5, 6, 5, 6, 5, 6], [1, 2, 5, 6], [1, 2, 5, 6],
      ])
  }

  @Test("what safetensors cannot hold is refused before anything is written")
  func refused() throws {
    let byte = try tensor("w", .uint8, [1], [1])
    #expect(throws: SafetensorsError.duplicateName("w", fileOffset: nil)) {
      try SafetensorsWriter(tensors: [byte, byte])
    }
    for type in [ElementType.complex32, .complex128] {
      let tensor = try tensor("c", type, [0], [])
      #expect(throws: SafetensorsError.unsupportedElementType("c", type)) {
        try SafetensorsWriter(tensors: [byte, tensor])
      }
    }
    #expect(throws: SafetensorsError.reservedName) {
      try SafetensorsWriter(tensors: [byte.renamed("__metadata__")])
    }
    let entry = SafetensorsMetadataEntry(key: "k", value: "v")
    #expect(throws: SafetensorsError.duplicateMetadataKey("k", fileOffset: nil)) {
      try SafetensorsWriter(tensors: [], metadata: [entry, entry])
    }
    let huge = try Tensor(
      name: "h", elementType: .uint8, shape: [1 << 62], storage: byte.storage,
      layout: Tensor.Layout(strides: [0], elementOffset: 0))
    #expect(throws: SafetensorsError.outputTooLarge) {
      try SafetensorsWriter(tensors: [huge, huge.renamed("i")])
    }
  }

  @Test("names that only Unicode calls the same are written as two")
  func equivalentNames() throws {
    let first = try tensor("caf\u{E9}", .uint8, [1], [1])
    let second = try tensor("cafe\u{301}", .uint8, [1], [2])
    let file = try SafetensorsFile(ByteRegion(copying: written([first, second])))
    #expect(file.tensors.map(\.name) == ["cafe\u{301}", "caf\u{E9}"])
  }
}
