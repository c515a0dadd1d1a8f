import ByteIO
import Testing

@testable import NativeFormat

@Suite("NativeError+Description")
struct NativeErrorDescriptionTests {
  private static let a = SHA256Digest(of: "a").hex
  private static let b = SHA256Digest(of: "b").hex

  /// The sentences, in the order of `NativeErrorTests.samples`.
  private static let messages = [
    "the file has 7 bytes; a .convnext file has at least 128",
    "the file does not begin with CONVNEXT",
    "the file has version 2 of the .convnext format; this program reads version 1",
    "the file has version 0 of the .convnext format; this program reads version 1",
    "a reserved byte of the preamble is not zero",
    "the file has 98 bytes and should have 100: 2 are missing",
    "the file has 101 bytes and should have 100: 1 are too many",
    "a header of 18446744073709551615 bytes, rounded up to a page, does not fit in a file of 200",
    "the data begin at byte 1, and should begin at 16384",
    "the header has 3 bytes, and at most 2 are allowed",
    "the header was changed: its SHA-256 should be \(a) and is \(b)",
    "a byte between the header and the data is not zero",
    "the header is not valid JSON: something follows the JSON value",
    "the header has no 'model.depths'",
    "expected the header to be an object, found null",
    "expected 'labels[1]' to be a string, found 7",
    "there are 3 tensors, and at most 2 are allowed",
    "the element type 'F\\n1' is not known",
    "it has 65 dimensions, and at most 64 are allowed",
    "two tensors have this name",
    "its type and shape take 8 bytes, the header says 4",
    "its type and shape do not make a whole number of bytes below 2^63, the header says 4",
    "it is at offset 1 of the data, and should be at 64",
    "with it the file would have 2^63 bytes or more",
    "it ends at offset 8 of the data, which are 7 bytes",
    "2 bytes follow the last tensor",
    "a byte between tensors, before 't', is not zero",
    "its bytes were changed: their SHA-256 should be \(a) and is \(b)",
    "the file has no tensor of this name",
    "its elements are I8, not F32", "its scales, 't_scale', are not in the file",
  ]

  private static let places: [ErrorPlace] = [
    ErrorPlace(byteOffset: 7), ErrorPlace(byteOffset: 0),
    ErrorPlace(record: "version", byteOffset: 8, from: .file),
    ErrorPlace(record: "version", byteOffset: 8, from: .file),
    ErrorPlace(byteOffset: 13), ErrorPlace(record: "file size", byteOffset: 32, from: .file),
    ErrorPlace(record: "file size", byteOffset: 32, from: .file),
    ErrorPlace(record: "header size", byteOffset: 16, from: .file),
    ErrorPlace(record: "data offset", byteOffset: 24, from: .file),
    ErrorPlace(record: "header size", byteOffset: 16, from: .file),
    ErrorPlace(record: "header digest", byteOffset: 40, from: .file), ErrorPlace(byteOffset: 200),
    ErrorPlace(byteOffset: 133), ErrorPlace(record: "header field 'model.depths'"),
    ErrorPlace(record: "header"), ErrorPlace(record: "header field 'labels[1]'"),
    ErrorPlace(record: "header field 'tensors'"), ErrorPlace(tensor: "t"), ErrorPlace(tensor: "t"),
    ErrorPlace(tensor: "t"), ErrorPlace(tensor: "t"), ErrorPlace(tensor: "t"),
    ErrorPlace(tensor: "t"), ErrorPlace(tensor: "t"), ErrorPlace(tensor: "t"),
    ErrorPlace(byteOffset: 300), ErrorPlace(byteOffset: 300),
    ErrorPlace(byteOffset: 300, tensor: "t"), ErrorPlace(tensor: "t"), ErrorPlace(tensor: "t"),
    ErrorPlace(tensor: "t"),
  ]

  @Test("every error says what was expected and found")
  func hasMessage() {
    #expect(NativeErrorTests.samples.map(\.message) == Self.messages)
  }

  @Test("every error says where")
  func hasPlace() {
    #expect(NativeErrorTests.samples.map(\.place) == Self.places)
  }

  @Test("damage is mended by another copy, a newer version by a newer program")
  func hasHint() {
    let again = "copy or download the file again, or convert it again from its source"
    for error in NativeErrorTests.samples {
      switch error {
      case .unknownVersion(found: 2):
        #expect(error.hint == "a newer release of this program reads it")
      case .headerTooLarge: #expect(error.hint == Limits.Name.headerByteCount.hint)
      case .tooManyTensors: #expect(error.hint == Limits.Name.tensorCount.hint)
      case .tooManyDimensions: #expect(error.hint == Limits.Name.rank.hint)
      case .invalidJSON(let json) where json.isTooDeep:
        #expect(error.hint == Limits.Name.jsonDepth.hint)
      default: #expect(error.hint == (error.category == .invalidInput ? again : nil))
      }
    }
  }
}
