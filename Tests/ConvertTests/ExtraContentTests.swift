import ByteIO
import TestSupport
import Testing
import TorchFormat

@testable import Convert

@Suite("ExtraContent")
struct ExtraContentTests {
  private func extra(_ file: String) throws -> ExtraContent {
    try ExtraContent(FixtureManifest.file(file).checkpoint())
  }

  @Test("a training checkpoint's values are shown, its tensors counted")
  func training() throws {
    let extra = try extra("training/facebook.pth")
    let tree = try #require(extra.tree)
    #expect(!extra.isCut)
    #expect(tree["epoch"] == .integer(299))
    #expect(tree["model"] == .object(["tensors": .integer(56)]))
    #expect(tree["model_ema"] == .object(["tensors": .integer(56)]))
    #expect(tree["args"]?["class"]?.stringValue == "argparse.Namespace")
    #expect(tree["args"]?["state"]?["lr"] == .number(0.004))
    #expect(tree["args"]?["state"]?["distributed"] == .bool(false))
    #expect(tree["optimizer"]?["param_groups"]?.arrayValue?.count == 2)
  }

  @Test("every kind of value has a form in JSON")
  func kinds() throws {
    let tree = try #require(extra("torch/nesting.pth").tree)
    let values = try #require(tree["values"])
    #expect(values["int"] == .integer(5))
    #expect(values["big"] == .bigInteger("1180591620717411303424"))
    #expect(values["none"] == .null)
    #expect(values["yes"] == .bool(true))
    #expect(values["bytes"] == .object(["bytes": .integer(2)]))
    #expect(values["set"] == .integers([1, 2]))
    #expect(values["dtype"] == .object(["global": .string("torch.float16")]))
    #expect(values["inf"] == .string("inf"))
    #expect(values["nan"] == .string("nan"))
    #expect(values["device"]?["class"]?.stringValue == "torch.device")
    #expect(tree["7"] == .object(["tensor": .string("F32[2]")]))
    #expect(tree["list"]?.arrayValue?.first == .object(["tensor": .string("F32[2]")]))
    #expect(tree["a"]?["b"] == .object(["tensors": .integer(1)]))
  }

  @Test("numbers of NumPy's are shown as numbers")
  func numpyNumbers() throws {
    let tree = try #require(extra("training/numpy.pth").tree)
    #expect(tree["acc"] == .object(["class": .string("numpy.float64"), "value": .number(78.5)]))
    #expect(tree["epoch"] == .object(["class": .string("numpy.int64"), "value": .integer(4)]))
    let earlier = try #require(extra("torch/numpy-1.pth").tree)
    #expect(
      earlier["best"] == .object(["class": .string("numpy.float64"), "value": .number(81.25)]))
  }

  @Test("whole numbers beyond 64 bits keep their sign and all digits")
  func bigIntegers() throws {
    // LONG1: -2^63 - 1, -10^25, and -2^135.
    let numbers: [[UInt8]] = [
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF],
      [0x00, 0x00, 0x00, 0xB6, 0xB7, 0xFE, 0xEB, 0xE9, 0x6A, 0xBA, 0xF7],
      [UInt8](repeating: 0, count: 16) + [0x80],
    ]
    let folder = try TemporaryFolder()
    let items = numbers.flatMap { number -> [UInt8] in [0x8A, UInt8(number.count)] + number }
    let pickle: [UInt8] = [0x80, 2] + Array("](".utf8) + items + Array("e.".utf8)
    let path = try folder.write(legacyFile(pickle), to: "a.pth")
    #expect(
      try ExtraContent(Checkpoint(path: path)).tree
        == .array([
          .bigInteger("-9223372036854775809"), .bigInteger("-10000000000000000000000000"),
          .object(["integer": .string("-0x80" + String(repeating: "0", count: 32))]),
        ]))
  }

  @Test("of a safetensors file the metadata are shown")
  func metadata() throws {
    #expect(
      try extra("safetensors/metadata.safetensors").tree
        == .object(["note \"1\"": .string("a\\b\n\u{1}é語😀")]))
    #expect(try extra("safetensors/no-tensors.safetensors").tree == nil)
  }

  @Test("a .convnext file has nothing beside what its header has a place for")
  func native() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("training/facebook.pth").checkpoint()
    #expect(try ExtraContent(source.converted(to: folder.path("a.convnext"))).tree == nil)
  }

  @Test("each shard has its own tree")
  func shards() throws {
    let checkpoint = try Checkpoint(path: Fixtures.path("folders/sharded-bin"))
    let tree = try #require(ExtraContent(checkpoint).tree?.objectValue)
    #expect(
      tree.entries.map(\.key)
        == (1...3).map { "pytorch_model-0000\($0)-of-00003.bin" })
    #expect(
      tree.entries.map(\.value)
        == checkpoint.torchFiles.map { .object(["tensors": .integer($0.tensors.count)]) })
  }

  @Test("keys that differ by their type only are both kept")
  func keysOfTwoTypes() throws {
    // {7: 1, '7': 2}
    let folder = try TemporaryFolder()
    let pickle: [UInt8] =
      [0x80, 2] + Array("}(K".utf8) + [7] + Array("K".utf8) + [1] + Array("X".utf8)
      + [1, 0, 0, 0] + Array("7K".utf8) + [2] + Array("u.".utf8)
    let path = try folder.write(legacyFile(pickle), to: "a.pth")
    let tree = try ExtraContent(Checkpoint(path: path)).tree
    #expect(tree == .object(["7": .integer(1), "7'": .integer(2)]))
  }

  @Test("of a list of very many values the first are shown")
  func longList() throws {
    let folder = try TemporaryFolder()
    let pickle: [UInt8] =
      [0x80, 2] + Array("](".utf8) + [UInt8](repeating: UInt8(ascii: "N"), count: 100_000)
      + Array("e.".utf8)
    let extra = try ExtraContent(
      Checkpoint(path: folder.write(legacyFile(pickle), to: "a.pth")))
    let count = try #require(extra.tree?.arrayValue).count
    #expect(extra.isCut && count > 10_000 && count <= 20_000)
  }

  @Test("keys that look alike are numbered, in proportion to how many there are")
  func manyAlike() throws {
    // Bytes of one length, which are all shown as their number.
    let folder = try TemporaryFolder()
    let count = 15_000
    let entries = (0..<count).flatMap { index -> [UInt8] in
      Array("C".utf8) + [2, UInt8(index % 256), UInt8(index / 256)] + Array("N".utf8)
    }
    let pickle: [UInt8] = [0x80, 2] + Array("}(".utf8) + entries + Array("u.".utf8)
    let tree = try ExtraContent(
      Checkpoint(path: folder.write(legacyFile(pickle), to: "a.pth"))
    ).tree
    let names = try #require(tree?.objectValue).entries.map(\.key)
    #expect(names.count > 9000 && Set(names).count == names.count)
    #expect(names.prefix(3) == [#"{"bytes":2}"#, #"{"bytes":2}'"#, #"{"bytes":2}'2"#])
    #expect(names.allSatisfy { $0.utf8.count < 20 })
  }

  @Test("what is shared along very many paths is cut")
  func cut() throws {
    // A list of 200 references to a list of 200 references to a list of a number.
    let folder = try TemporaryFolder()
    let inner: [UInt8] = Array("](K".utf8) + [1] + Array("eq".utf8) + [0]
    let middle: [UInt8] =
      Array("](".utf8) + inner
      + (0..<200).flatMap { _ in Array("h".utf8) + [0] } + Array("eq".utf8) + [1]
    let outer: [UInt8] =
      Array("](".utf8) + middle + (0..<200).flatMap { _ in Array("h".utf8) + [1] }
      + Array("e".utf8)
    let path = try folder.write(legacyFile([0x80, 2] + outer + Array(".".utf8)), to: "a.pth")
    let extra = try ExtraContent(Checkpoint(path: path))
    #expect(extra.isCut)
    #expect((extra.tree?.serialized().utf8.count ?? .max) < 1_000_000)
  }

  @Test("a long text that occurs over and over is shown as often as there is room")
  func longTexts() throws {
    // {0: text, 1: text, ...}, with one text of a megabyte that is stored once.
    let folder = try TemporaryFolder()
    let byteCount = 1 << 20
    var pickle: [UInt8] = [0x80, 2] + Array("X".utf8)
    pickle += (0..<4).map { UInt8(truncatingIfNeeded: byteCount >> (8 * $0)) }
    pickle += [UInt8](repeating: UInt8(ascii: "a"), count: byteCount) + Array("q\u{0}0}(".utf8)
    for key in 0..<100 { pickle += Array("K".utf8) + [UInt8(key)] + Array("h\u{0}".utf8) }
    pickle += Array("u.".utf8)
    let path = try folder.write(legacyFile(pickle), to: "a.pth")
    let extra = try ExtraContent(Checkpoint(path: path))
    #expect(extra.isCut)
    #expect(try #require(extra.tree).serialized().utf8.count < 5 * byteCount)
    #expect(extra.tree?["0"]?.stringValue?.utf8.count == byteCount)
  }
}
