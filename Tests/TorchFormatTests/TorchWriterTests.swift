import ByteIO
import TensorModel
import TestSupport
import Testing
import TorchFormat

@Suite("TorchWriter")
struct TorchWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(
    _ tensors: [Tensor], wrapper: String? = nil, as name: String
  ) throws -> [UInt8] {
    let writer = try TorchWriter(tensors: tensors, wrapper: wrapper, archiveName: name)
    let output = try OutputFile(path: folder.path(name), replacingExisting: true)
    try writer.write(to: output)
    try output.commit()
    let bytes = try folder.bytes(name)
    #expect(bytes.count == writer.byteCount)
    return bytes
  }

  /// A tensor whose bytes count up from 0.
  private func counting(
    _ name: TensorName, _ type: ElementType, _ shape: [Int]
  ) throws -> Tensor {
    let count = try #require(
      elementCount(of: shape).flatMap { type.byteCount(elementCount: $0) })
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    return try Tensor(
      name: name, elementType: type, shape: shape,
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  /// The digest of an archive with the digits and the checksum of its serialization id set to 0,
  /// which is all that differs from PyTorch's own.
  private func comparableDigest(_ bytes: [UInt8]) throws -> String {
    let archive = try WrittenArchive(bytes)
    let last = try #require(archive.records.last)
    #expect(last.name.hasSuffix("/.data/serialization_id"))
    var bytes = bytes
    for index in last.dataOffset..<(last.dataOffset + 40) { bytes[index] = UInt8(ascii: "0") }
    let entryEnd = bytes.count - 98
    let entry = entryEnd - 46 - last.name.utf8.count
    for index in 0..<4 {
      bytes[last.dataOffset + 44 + index] = 0
      bytes[entry + 16 + index] = 0
    }
    return SHA256Digest(of: ByteRegion(copying: bytes)).hex
  }

  // The digests below are of what torch 2.13 saves for OrderedDicts of the same tensors:
  // torch.arange(n).to(torch.uint8).view(dtype).

  @Test("every element type comes out as torch.save writes it, byte for byte")
  func everyType() throws {
    let types: [ElementType] = ElementType.allCases.filter { $0.byteWidth != nil }
    #expect(types.count == 21)
    var tensors = try types.map { try counting(TensorName($0.name), $0, [2, 3]) }
    let single = try #require(tensors.first { $0.name == "F32" })
    tensors += [
      single.renamed("tied"), try counting("é", .float64, []),
      try counting("empty", .float16, [2, 0, 3]), try counting("five", .uint8, [2, 2, 2, 2, 2]),
      try counting("long", .uint8, [70_000]),
    ]
    let bytes = try written(tensors, as: "all")
    #expect(bytes.count == 78_044)
    #expect(
      try comparableDigest(bytes)
        == "7f994ae9e999ecc26aac086d2d9d5032f494df2e737bd3c561befbc2172ce0a6")
  }

  @Test("a thousand tensors and one, in a wrapper, come out as torch.save writes them")
  func manyTensors() throws {
    let tensors = try (0..<1001).map { try counting(TensorName("many.\($0)"), .uint8, [$0 % 3]) }
    #expect(
      try comparableDigest(written(tensors, wrapper: "model", as: "many"))
        == "6a499202915321de137be2bf4690eff851d6d954115cd1e72124f1e240a92e12")
  }

  @Test("no tensor and a single one come out as torch.save writes them")
  func fewTensors() throws {
    #expect(
      try comparableDigest(written([], as: "none"))
        == "624cfc9f48acdd977672d6909e1cee2d12d3284afc2d16e91ed8d2d0b095259b")
    #expect(
      try comparableDigest(written([counting("w", .uint8, [1])], wrapper: "model", as: "one"))
        == "9fb0929dd56d850ddc1c11e8a0cde252c34c9fd56348f1c4378b17d709372263")
    let first = try counting("a", .float32, [2, 3])
    #expect(
      try comparableDigest(
        written([first, first.renamed("b"), counting("c", .uint16, [2])], as: "small"))
        == "5abf2acf28fd529ca39421e4b0a3ae31d2461db92f212b7431b68185d2ac026a")
  }

  @Test("records have their names, their data and the checksums of it")
  func records() throws {
    let tensors = try [counting("a", .int16, [3]), counting("b", .float64, [40_000])]
    let archive = try WrittenArchive(written(tensors, as: "my model"))
    #expect(
      archive.records.map(\.name) == [
        "my model/data.pkl", "my model/.format_version", "my model/.storage_alignment",
        "my model/byteorder", "my model/data/0", "my model/data/1", "my model/version",
        "my model/.data/serialization_id",
      ])
    for record in archive.records {
      #expect(record.checksum == naiveChecksum(archive.data(record)))
      #expect(record.dataOffset % 64 == 0)
      #expect(record.flags == 0x0808)
      #expect(record.version == 0)
    }
    func text(_ index: Int) -> String {
      String(decoding: archive.data(archive.records[index]), as: UTF8.self)
    }
    #expect([1, 2, 3, 6].map(text) == ["1", "64", "little", "3\n"])
    #expect(Array(archive.data(archive.records[4])) == [0, 1, 2, 3, 4, 5])
    #expect(try Array(archive.data(archive.records[5])) == tensors[1].contiguousBytes().array)
  }

  @Test("the same tensors give the same file, and others another serialization id")
  func serializationID() throws {
    func id(_ tensors: [Tensor], as name: String = "m") throws -> [UInt8] {
      let archive = try WrittenArchive(written(tensors, as: name))
      let record = try #require(archive.records.last)
      let digits = Array(archive.data(record))
      #expect(digits.count == 40)
      #expect(digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
      return digits
    }
    let tensor = try counting("w", .uint8, [4])
    let other = try Tensor(
      name: "w", elementType: .uint8, shape: [4],
      storage: RegionStorage(ByteRegion(copying: [4, 3, 2, 1])))
    #expect(try written([tensor], as: "m") == written([tensor], as: "m"))
    #expect(try id([tensor]) != id([other]))
    #expect(try id([tensor]).prefix(20) == id([other]).prefix(20), "the names are the same")
    #expect(try id([tensor]) != id([tensor], as: "n"))
  }

  @Test("tensors share a record where they cover the same part of a storage")
  func sharing() throws {
    let storage = RegionStorage(ByteRegion(copying: (0..<24).map { UInt8($0) }))
    func view(
      _ name: TensorName, _ type: ElementType, _ shape: [Int], strides: [Int]? = nil,
      offset: Int = 0, isBigEndian: Bool = false
    ) throws -> Tensor {
      try Tensor(
        name: name, elementType: type, shape: shape, storage: storage,
        layout: Tensor.Layout(
          strides: strides ?? contiguousStrides(of: shape), elementOffset: offset,
          isBigEndian: isBigEndian))
    }
    func storageCount(_ tensors: [Tensor]) throws -> Int {
      try WrittenArchive(written(tensors, as: "m")).records.count { $0.name.contains("/data/") }
    }
    let first = try view("first", .float32, [2, 3])
    #expect(try storageCount([first, first.renamed("again")]) == 1)
    #expect(try storageCount([first, view("flat", .float32, [6])]) == 1)
    #expect(
      try storageCount([first, view("unit", .float32, [2, 1, 3], strides: [3, 9, 1])]) == 1)
    #expect(try storageCount([first, view("part", .float32, [3])]) == 2)
    #expect(try storageCount([first, view("end", .float32, [3], offset: 3)]) == 2)
    #expect(try storageCount([first, view("type", .int32, [6])]) == 2)
    #expect(
      try storageCount([first, view("transposed", .float32, [3, 2], strides: [1, 3])]) == 2)
    #expect(try storageCount([first, view("big", .float32, [2, 3], isBigEndian: true)]) == 2)
    let big = try view("big", .float32, [2, 3], isBigEndian: true)
    #expect(try storageCount([big, big.renamed("again")]) == 2)
    let empty = try view("empty", .float32, [0])
    #expect(try storageCount([empty, empty.renamed("again")]) == 2)
  }

  @Test("strided, expanded and big-endian tensors are written out plainly")
  func layouts() throws {
    let storage = RegionStorage(ByteRegion(copying: [1, 2, 3, 4, 5, 6]))
    func data(_ layout: Tensor.Layout, _ shape: [Int]) throws -> [UInt8] {
      let tensor = try Tensor(
        name: "w", elementType: .uint16, shape: shape, storage: storage, layout: layout)
      let archive = try WrittenArchive(written([tensor], as: "m"))
      let record = try #require(archive.records.first { $0.name == "m/data/0" })
      #expect(record.checksum == naiveChecksum(archive.data(record)))
      return Array(archive.data(record))
    }
    #expect(try data(Tensor.Layout(strides: [2], elementOffset: 0), [2]) == [1, 2, 5, 6])
    #expect(try data(Tensor.Layout(strides: [0], elementOffset: 1), [3]) == [3, 4, 3, 4, 3, 4])
    #expect(
      try data(Tensor.Layout(strides: [1], elementOffset: 1, isBigEndian: true), [2])
        == [4, 3, 6, 5])
  }

  @Test(
    "the archive is named as torch.save names it",
    arguments: [
      ("/a/b/model.pth", "model"), ("my.model.v2.pth", "my.model.v2"), (".x.pt", ".x"),
      ("model", "model"), (".pt", "archive"), ("é.pth", "archive"), ("a b.pt", "a b"),
      ("..pt", "archive"), ("a\n.pt", "archive"), ("", "archive"),
    ])
  func archiveNames(path: String, expected: String) throws {
    #expect(TorchWriter.archiveName(forPath: path) == expected)
    _ = try TorchWriter(tensors: [], archiveName: expected)
  }

  @Test("what PyTorch cannot hold is refused before anything is written")
  func refused() throws {
    let byte = try counting("w", .uint8, [1])
    for type in [ElementType.float4, .float6E2M3, .float6E3M2] {
      let tensor = try counting("p", type, [4])
      #expect(throws: TorchWriterError.unsupportedElementType("p", type)) {
        try TorchWriter(tensors: [byte, tensor], archiveName: "m")
      }
    }
    #expect(throws: TorchWriterError.duplicateName("w")) {
      try TorchWriter(tensors: [byte, byte], archiveName: "m")
    }
    let longName = String(repeating: "n", count: 256)
    for name in ["", ".", "..", "a/b", "a\\b", "a\u{0}", "a\u{7F}", longName] {
      #expect(throws: TorchWriterError.invalidArchiveName(name)) {
        try TorchWriter(tensors: [byte], archiveName: name)
      }
    }
    let huge = try Tensor(
      name: "h", elementType: .uint8, shape: [1 << 61], storage: byte.storage,
      layout: Tensor.Layout(strides: [0], elementOffset: 0))
    #expect(throws: TorchWriterError.outputTooLarge) {
      try TorchWriter(tensors: [huge, huge.renamed("i")], archiveName: "m")
    }
  }

  @Test("names that only Unicode calls the same are two entries")
  func equivalentNames() throws {
    let tensor = try counting("caf\u{E9}", .uint8, [1])
    let archive = try WrittenArchive(
      written([tensor, tensor.renamed("cafe\u{301}")], as: "m"))
    let pickle = archive.data(archive.records[0])
    let entries = pickle.indices.filter { pickle[$0...].starts(with: Array("caf".utf8)) }
    #expect(entries.count == 2)
  }

  @Test(
    "each error has its rule, its sentence and its place",
    arguments: [
      (
        .unsupportedElementType("w", .float4), "element-type-unsupported",
        "PyTorch checkpoints with F4 elements are not supported", "w",
        "a safetensors file can hold it"
      ),
      (.duplicateName("w"), "duplicate-name", "there are two tensors of this name", "w", nil),
      (
        .invalidArchiveName("a/b"), "archive-name",
        "'a/b' cannot be the name of the archive's folder", nil, nil
      ),
      (
        .outputTooLarge, "output-too-large", "the tensors together exceed 62 bits of bytes", nil,
        nil
      ),
    ] as [(TorchWriterError, String, String, String?, String?)])
  func errors(
    error: TorchWriterError, rule: String, message: String, tensor: String?, hint: String?
  ) {
    #expect(error.rule == rule)
    #expect(error.message == message)
    #expect(error.place == ErrorPlace(tensor: tensor))
    #expect(error.hint == hint)
    #expect(error.category == .unsupported)
  }
}
