import Testing

@testable import TorchFormat

@Suite("PickleOpcode")
struct PickleOpcodeTests {
  @Test("names are those of pickletools")
  func names() {
    #expect(PickleOpcode.shortBinunicode.name == "SHORT_BINUNICODE")
    #expect(PickleOpcode.newobjEx.name == "NEWOBJ_EX")
    #expect(PickleOpcode.binint1.name == "BININT1")
    #expect(PickleOpcode.none.name == "NONE")
  }

  @Test("there are as many as in protocol 5")
  func count() {
    #expect(PickleOpcode.allCases.count == 68)
  }
}

@Suite("PickleNumbers")
struct PickleNumbersTests {
  @Test("two's complement of any length", arguments: [0, 1, -1, 127, -128, 128, -129, .max, .min])
  func twosComplement(_ value: Int) {
    for padding in 0..<3 {
      var bytes = withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
      bytes += [UInt8](repeating: value < 0 ? 0xFF : 0, count: padding)
      guard case .integer(let found) = PickleNumbers.integer(twosComplement: bytes) else {
        Issue.record("\(value) is no integer")
        continue
      }
      #expect(found == value)
    }
  }

  @Test("decimal digits, and nothing else")
  func decimal() {
    guard case .integer(-12)? = PickleNumbers.integer(decimal: Array("-12".utf8)) else {
      Issue.record("-12 is no integer")
      return
    }
    for text in ["", "-", "1.0", "0x1", " 1", "1 ", String(repeating: "1", count: 41)] {
      #expect(PickleNumbers.integer(decimal: Array(text.utf8)) == nil)
    }
  }
}
