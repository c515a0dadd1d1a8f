import ByteIO
import Testing

@testable import NativeFormat

@Suite("HeaderFields")
struct HeaderFieldsTests {
  private let fields: HeaderFields

  init() throws {
    fields = try HeaderFields(
      .object([
        "text": .string("a"), "count": .integer(3), "negative": .integer(-1),
        "number": .number(0.5), "null": .null, "truth": .bool(false),
        "texts": .array([.string("a"), .integer(1)]), "object": .object(["inner": .bool(true)]),
        "objects": .array([.object(["a": .integer(1)]), .null]),
      ]), path: "top")
  }

  @Test("a value of the right kind is read")
  func readsValues() throws {
    #expect(try fields.required("text", .string) == "a")
    #expect(try fields.required("text", .exactly("a")) == "a")
    #expect(try fields.required("count", .count) == 3)
    #expect(try fields.required("count", .either(2, 3)) == 3)
    #expect(try fields.required("count", .either(3, 4)) == 3)
    #expect(try fields.required("count", .number) == 3)
    #expect(try fields.required("number", .number) == 0.5)
    #expect(try fields.object("object").required("inner", .any) == .bool(true))
  }

  @Test("null and a missing key are the same where a value is optional")
  func readsOptionals() throws {
    #expect(try fields.optional("count", .count) == 3)
    #expect(try fields.optional("null", .count) == nil)
    #expect(try fields.optional("absent", .count) == nil)
    #expect(try fields.optionalArray("null", of: .string) == nil)
    #expect(try fields.optionalArray("absent", of: .string) == nil)
  }

  @Test("a missing key is named with its path")
  func namesMissingKey() {
    #expect(throws: NativeError.missingField("top.absent")) {
      try fields.required("absent", .count)
    }
    #expect(throws: NativeError.missingField("top.object.absent")) {
      try fields.object("object").required("absent", .count)
    }
  }

  @Test("a value of another kind is named with what was expected and found")
  func namesWrongValue() {
    let wholeNumber = "a whole number from 0 to 2^63-1"
    func wrong(_ field: String, _ expected: String, _ found: String) -> NativeError {
      .wrongValue(field: field, expected: expected, found: found)
    }
    #expect(throws: wrong("top.null", "a string", "null")) {
      try fields.required("null", .string)
    }
    #expect(throws: wrong("top.text", wholeNumber, "'a'")) {
      try fields.optional("text", .count)
    }
    #expect(throws: wrong("top.negative", wholeNumber, "-1")) {
      try fields.required("negative", .count)
    }
    #expect(throws: wrong("top.number", wholeNumber, "0.5")) {
      try fields.required("number", .count)
    }
    #expect(throws: wrong("top.negative", "a number from 0 on", "-1")) {
      try fields.required("negative", .number)
    }
    #expect(throws: wrong("top.text", "64 hexadecimal digits", "'a'")) {
      try fields.required("text", .digest)
    }
    #expect(throws: wrong("top.text", "'b'", "'a'")) {
      try fields.required("text", .exactly("b"))
    }
    #expect(throws: wrong("top.count", "1 or 4", "3")) {
      try fields.required("count", .either(1, 4))
    }
    #expect(throws: wrong("top.truth", "an array", "false")) {
      try fields.array("truth", of: .string)
    }
    #expect(throws: wrong("top.texts[1]", "a string", "1")) {
      try fields.array("texts", of: .string)
    }
    #expect(throws: wrong("top.texts", "an object", "an array")) {
      try fields.object("texts")
    }
    #expect(throws: wrong("top.objects[1]", "an object", "null")) {
      try fields.objects("objects")
    }
    #expect(throws: wrong("", "an object", "an array")) {
      try HeaderFields(.array([]))
    }
  }
}
