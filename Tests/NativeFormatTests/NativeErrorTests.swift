import TensorModel
import Testing

@testable import ByteIO
@testable import NativeFormat

@Suite("NativeError")
struct NativeErrorTests {
  /// A value of every case.
  static let samples: [NativeError] = [
    .tooShort(needed: 128, found: 7), .badMagic, .unknownVersion(found: 2),
    .unknownVersion(found: 0), .reservedNotZero(fileOffset: 13),
    .wrongSize(declared: 100, found: 98), .wrongSize(declared: 100, found: 101),
    .headerPastEnd(headerByteCount: .max, fileByteCount: 200),
    .badDataOffset(declared: 1, expected: 16384), .headerTooLarge(byteCount: 3, limit: 2),
    .headerDigest(declared: SHA256Digest(of: "a"), computed: SHA256Digest(of: "b")),
    .headerPaddingNotZero(fileOffset: 200),
    .invalidJSON(JSONError(reason: .trailingBytes, offset: 5)), .missingField("model.depths"),
    .wrongValue(field: "", expected: "an object", found: "null"),
    .wrongValue(field: "labels[1]", expected: "a string", found: "7"),
    .tooManyTensors(found: 3, limit: 2), .unknownElementType(tensor: "t", found: "F\n1"),
    .tooManyDimensions(tensor: "t", found: 65, limit: 64), .duplicateName(tensor: "t"),
    .wrongByteCount(tensor: "t", expected: 8, found: 4),
    .wrongByteCount(tensor: "t", expected: nil, found: 4),
    .badOffset(tensor: "t", offset: 1, expected: 64), .tooLarge(tensor: "t"),
    .pastEnd(tensor: "t", end: 8, available: 7), .trailingBytes(fileOffset: 300, byteCount: 2),
    .paddingNotZero(fileOffset: 300, before: "t"),
    .tensorDigest(
      tensor: "t", fileOffset: 300, declared: SHA256Digest(of: "a"),
      computed: SHA256Digest(of: "b")),
    .noSuchTensor("t"), .elementTypeMismatch(tensor: "t", expected: "F32", found: "I8"),
    .quantization(.noScale(weight: "t", scale: "t_scale")),
  ]

  @Test("rules are the cases' names in kebab case")
  func namesRules() {
    for error in Self.samples {
      if case .quantization(let inner) = error {
        #expect(error.rule == inner.rule)
        continue
      }
      // A case without values has no mirror.
      let name = Mirror(reflecting: error).children.first?.label ?? "badMagic"
      let kebab = name.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
      let json = kebab.replacing("j-s-o-n", with: "json")
      #expect(error.rule == json)
    }
    #expect(Set(Self.samples.map(\.rule)).count == 27)
  }

  @Test("newer versions and limits are not supported; the rest is the caller's fault or the file's")
  func hasCategory() {
    let unsupported = Self.samples.filter { $0.category == .unsupported }
    #expect(
      unsupported == [
        .unknownVersion(found: 2), .headerTooLarge(byteCount: 3, limit: 2),
        .tooManyTensors(found: 3, limit: 2),
        .tooManyDimensions(tensor: "t", found: 65, limit: 64), .tooLarge(tensor: "t"),
      ])
    #expect(
      Self.samples.filter { $0.category == .usage }.map(\.rule) == [
        "no-such-tensor", "element-type-mismatch",
      ])
    #expect(
      Self.samples.allSatisfy { [.unsupported, .invalidInput, .usage].contains($0.category) })
  }
}
