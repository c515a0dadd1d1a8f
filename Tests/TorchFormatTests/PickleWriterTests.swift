import Testing

@testable import TorchFormat

@Suite("PickleWriter")
struct PickleWriterTests {
  /// What is written between the protocol and STOP.
  private func written(_ write: (inout PickleWriter) -> Void) -> [UInt8] {
    var writer = PickleWriter()
    write(&writer)
    writer.stop()
    #expect(writer.bytes.prefix(2) == [0x80, 2])
    #expect(writer.bytes.last == UInt8(ascii: "."))
    return Array(writer.bytes.dropFirst(2).dropLast())
  }

  private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(
    "whole numbers are written as CPython writes them",
    arguments: [
      (0, [0x4B, 0]), (255, [0x4B, 0xFF]), (256, [0x4D, 0, 1]), (65535, [0x4D, 0xFF, 0xFF]),
      (65536, [0x4A, 0, 0, 1, 0]), (1 << 31 - 1, [0x4A, 0xFF, 0xFF, 0xFF, 0x7F]),
      (1 << 31, [0x8A, 5, 0, 0, 0, 0x80, 0]),
      (1 << 39 - 1, [0x8A, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
      (1 << 39, [0x8A, 6, 0, 0, 0, 0, 0x80, 0]),
      (.max, [0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
    ] as [(Int, [UInt8])])
  func integers(value: Int, expected: [UInt8]) {
    #expect(written { $0.integer(value) } == expected)
  }

  @Test("a tuple has the opcode of its length, and is remembered unless empty")
  func tuples() {
    #expect(written { $0.integers([]) } == ascii(")"))
    #expect(written { $0.integers([7]) } == [0x4B, 7, 0x85] + ascii("q\0"))
    #expect(written { $0.integers([7, 8]) } == [0x4B, 7, 0x4B, 8, 0x86] + ascii("q\0"))
    #expect(
      written { $0.integers([7, 8, 9]) } == [0x4B, 7, 0x4B, 8, 0x4B, 9, 0x87] + ascii("q\0"))
    #expect(
      written { $0.integers([7, 8, 9, 10]) }
        == ascii("(") + [0x4B, 7, 0x4B, 8, 0x4B, 9, 0x4B, 10] + ascii("tq\0"))
  }

  @Test("names and shared strings are written once and fetched afterwards")
  func memo() {
    let bytes = written { writer in
      writer.global(GlobalName(module: "torch", name: "x"))
      writer.sharedString("é")
      writer.global(GlobalName(module: "torch", name: "x"))
      writer.string("é")
      writer.sharedString("é")
      writer.global(GlobalName(module: "torch.x", name: "x"))
    }
    let e = ascii("X\u{2}\0\0\0é")
    #expect(
      bytes == ascii("ctorch\nx\nq\0") + e + ascii("q\u{1}h\0") + e + ascii("q\u{2}h\u{1}")
        + ascii("ctorch.x\nx\nq\u{3}"))
  }

  @Test("numbers of remembered values grow to four bytes")
  func longMemo() {
    let bytes = written { writer in
      for _ in 0..<255 { writer.integers([1]) }
      writer.sharedString("a")
      writer.sharedString("b")
      writer.sharedString("a")
      writer.sharedString("b")
    }
    let expected =
      ascii("X\u{1}\0\0\0aq") + [0xFF] + ascii("X\u{1}\0\0\0br") + [0, 1, 0, 0]
      + ascii("h") + [0xFF] + ascii("j") + [0, 1, 0, 0]
    #expect(bytes.suffix(expected.count) == expected[...])
  }

  @Test(
    "entries are set a thousand at a time, and a single one by itself",
    arguments: [
      (0, ""), (1, "ks"), (2, "(kku"), (1000, "(" + String(repeating: "k", count: 1000) + "u"),
      (1001, "(" + String(repeating: "k", count: 1000) + "uks"),
      (1002, "(" + String(repeating: "k", count: 1000) + "u(kku"),
    ])
  func batches(count: Int, expected: String) {
    // Each entry is written as one NEWFALSE here, shown as k.
    let bytes = written { $0.setItems(count: count) { writer, _ in writer.newFalse() } }
    #expect(bytes.map { $0 == 0x89 ? UInt8(ascii: "k") : $0 } == ascii(expected))
  }

  @Test("entries are asked for in order")
  func order() {
    let bytes = written { $0.setItems(count: 3) { writer, index in writer.integer(index) } }
    #expect(bytes == ascii("(") + [0x4B, 0, 0x4B, 1, 0x4B, 2] + ascii("u"))
  }

  @Test("dictionaries, persistent ids and calls have their opcodes")
  func opcodes() {
    #expect(
      written { $0.dictionary(key: "m") { $0.newFalse() } }
        == ascii("}q\0X\u{1}\0\0\0mq\u{1}") + [0x89] + ascii("s"))
    #expect(written { $0.orderedDictionary() } == ascii("ccollections\nOrderedDict\nq\0)Rq\u{1}"))
    #expect(
      written { writer in
        writer.persistentID()
        writer.reduce()
      } == ascii("QRq\0"))
  }
}
