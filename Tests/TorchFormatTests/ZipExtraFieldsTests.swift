import ByteIO
import Testing

@testable import TorchFormat

@Suite("ZipExtraFields")
struct ZipExtraFieldsTests {
  private static let data = [UInt8](1...100)

  /// A field: its id, its length, its bytes.
  private static func field(_ id: UInt16, _ bytes: [UInt8]) -> [UInt8] {
    var field: [UInt8] = []
    field.appendLittleEndian(id)
    field.appendLittleEndian(UInt16(bytes.count))
    return field + bytes
  }

  /// Info-ZIP's other name, behind a version and a checksum.
  private static func otherName(_ name: String) -> [UInt8] {
    field(0x7075, [1, 9, 9, 9, 9] + Array(name.utf8))
  }

  private static func zip64(_ numbers: [UInt64]) -> [UInt8] {
    field(
      1, numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    )
  }

  private func failure(_ change: (inout ZipBytes.Member) -> Void) -> TorchError? {
    var member = ZipBytes.Member("a/data/0", Self.data)
    change(&member)
    let members = ZipBytes.members(PickleBytes.pickle(PickleBytes.dictionary([:]))) + [member]
    do {
      _ = try ZipArchive(ZipBytes.archive(members), limits: .standard)
      return nil
    } catch { return error }
  }

  @Test("another name in an extra field is refused, in either header; the same name is not")
  func names() {
    #expect(failure { $0.extra = Self.otherName("a/data.pkl") }?.reason == .zipNamesDisagree)
    #expect(failure { $0.localExtra = Self.otherName("../x") }?.reason == .zipNamesDisagree)
    #expect(failure { $0.extra = Self.field(0x7075, [1, 9]) }?.reason == .zipNamesDisagree)
    #expect(failure { $0.extra = Self.otherName("a/data/0") } == nil)
    #expect(failure { $0.localExtra = Self.otherName("a/data/0") } == nil)
  }

  @Test("sizes in a member's own zip64 field are those of the directory, or not filled in")
  func localSizes() {
    for numbers in [[100, 100], [0, 0], [100, 0], [100], []] as [[UInt64]] {
      let failure = failure {
        $0.hasLocalZip64 = true
        $0.localExtra = Self.zip64(numbers)
      }
      #expect(failure == nil, "\(numbers)")
    }
    for (numbers, field) in [
      ([105, 100], "uncompressed size"), ([100, 105], "compressed size"),
      ([.max, .max], "uncompressed size"),
    ] as [([UInt64], String)] {
      let found = numbers.first { $0 != 100 } ?? 0
      let failure = failure {
        $0.hasLocalZip64 = true
        $0.localExtra = Self.zip64(numbers)
      }
      #expect(
        failure?.reason
          == .zipHeadersDisagree(field: field, expected: 100, found: Int(clamping: found)))
    }
  }

  @Test(
    "two zip64 fields, and fields that do not add up, are refused; padding behind a name is not")
  func malformed() {
    let two = Self.zip64([1]) + Self.zip64([1])
    for bytes in [two, [1, 0, 9], [7, 7, 200, 0, 1]] {
      #expect(failure { $0.extra = bytes }?.reason == .zipExtraField)
    }
    #expect(failure { $0.localExtra = two }?.reason == .zipExtraField)
    for bytes in [[0, 0, 0], Self.field(0x4246, [90, 90, 90]) + [0]] as [[UInt8]] {
      #expect(failure { $0.localExtra = bytes } == nil)
    }
  }
}
