import TensorModel
import Testing

@testable import ByteIO
@testable import NativeFormat

@Suite("NativeHeader+JSON")
struct NativeHeaderJSONTests {
  private static var full: NativeHeader {
    var header = Sample.fullHeader
    header.tensors = [
      NativeHeader.Entry(
        info: TensorInfo(name: "e\u{301}", elementType: .bfloat16, shape: [0, 7]), dataOffset: 0,
        byteCount: 0, digest: SHA256Digest(of: ""),
        quantization: Quantization(
          scheme: .int8Channel, scaleName: "\u{E9}", sourceType: .bfloat16)),
      NativeHeader.Entry(
        info: TensorInfo(name: "\u{E9}", elementType: .float4, shape: []), dataOffset: 64,
        byteCount: 1, digest: SHA256Digest(of: "b")),
    ]
    return header
  }

  private func header(_ text: String, limits: Limits = .standard) throws(NativeError)
    -> NativeHeader
  {
    try NativeHeader(parsing: ByteRegion(copying: text.utf8), limits: limits)
  }

  private func error(_ json: JSONValue, limits: Limits = .standard) -> NativeError? {
    do {
      _ = try header(json.serialized(), limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test("a header comes back as it was, with everything or nothing in it")
  func roundTrips() throws {
    for original in [Self.full, Sample.plainHeader] {
      let text = original.json.serialized()
      let header = try header(text)
      #expect(header == original)
      // Equal strings may be written with other scalars; equal texts are not.
      #expect(header.json.serialized() == text)
      #expect(Array(header.json.serialized().utf8) == Array(text.utf8))
    }
  }

  @Test("the text is on one line, with its keys in a fixed order")
  func writesFixedOrder() {
    #expect(
      Self.full.json.keyPaths().filter { !$0.hasPrefix("preprocessing.") }
        == HeaderKey.all.map(\.path))
    #expect(
      Sample.plainHeader.json.serialized() == """
        {"model":{"family":"convnext","version":1,"variant":"custom","depths":[1],"widths":[2],\
        "classes":null,"imageSize":null,"normEpsilon":1e-06,"finalNormEpsilon":1e-06,\
        "features":[],"missingTensors":[]},"source":{"file":"a.pth","sha256":null,\
        "container":"pytorch-zip","naming":null,"wrapper":null,"prefix":"",\
        "tool":"convnext 1.0.0"},"preprocessing":null,"labels":null,"tensors":[]}
        """)
  }

  @Test("keys may come in any order, with white space, and unknown ones are passed over")
  func readsAnyOrder() throws {
    func reversed(_ value: JSONValue) -> JSONValue {
      switch value {
      case .object(let object):
        var result = JSONObject()
        result["addedLater"] = .array([.object([:])])
        for entry in object.entries.reversed() {
          // What the source says of its preprocessing has an order of its own.
          result[entry.key] = entry.key == "preprocessing" ? entry.value : reversed(entry.value)
        }
        return .object(result)
      case .array(let elements): return .array(elements.map(reversed))
      default: return value
      }
    }
    #expect(try header(reversed(Self.full.json).serialized(isPretty: true)) == Self.full)
  }

  @Test("every key takes one kind of value and no other", arguments: HeaderKey.all)
  func refusesWrongValue(_ key: HeaderKey) {
    let json = Self.full.json
    let wrong = json.replacing(key.path, with: .bool(true))
    #expect(
      error(wrong)
        == key.expected.map { .wrongValue(field: key.path, expected: $0, found: "true") })
    guard let (element, expected, found) = key.wrongElement else { return }
    #expect(
      error(json.replacing(key.path, with: .array([element])))
        == .wrongValue(field: "\(key.path)[0]", expected: expected, found: found))
  }

  @Test(
    "a key may be null or missing where it is optional, and not elsewhere", arguments: HeaderKey.all
  )
  func knowsOptionalKeys(_ key: HeaderKey) {
    let isNull = error(Self.full.json.replacing(key.path, with: .null))
    let isMissing = error(Self.full.json.replacing(key.path, with: nil))
    if key.isNullable {
      #expect(isNull == nil)
      #expect(isMissing == nil)
    } else {
      #expect(
        isNull
          == key.expected.map { .wrongValue(field: key.path, expected: $0, found: "null") })
      #expect(isMissing == .missingField(key.path))
    }
  }

  @Test("numbers that are no counts are refused, however they are written")
  func refusesHugeNumbers() {
    let json = Self.full.json
    for (text, found) in [
      ("-1", "-1"), ("1.0", "1.0"), ("1e3", "1000.0"),
      ("9223372036854775808", "9223372036854775808"),
      ("18446744073709551616", "18446744073709551616"),
      ("-9223372036854775808", "-9223372036854775808"),
    ] {
      for path in ["tensors[1].offset", "tensors[1].byteCount", "model.classes"] {
        let marked = json.replacing(path, with: .string("HERE")).serialized()
        #expect(
          throws: NativeError.wrongValue(
            field: path, expected: "a whole number from 0 to 2^63-1", found: found)
        ) { try header(marked.replacing("\"HERE\"", with: text)) }
      }
    }
  }

  @Test("a text that is not JSON is refused with the place")
  func refusesOtherText() {
    #expect(
      throws: NativeError.invalidJSON(
        JSONError(reason: .unexpected(expected: "a JSON value", found: nil), offset: 0))
    ) { try header("") }
    #expect(throws: NativeError.invalidJSON(JSONError(reason: .trailingBytes, offset: 3))) {
      try header("{} {}")
    }
  }

  @Test("a key that occurs twice is refused, at every level")
  func refusesDuplicateKeys() {
    let text = Sample.plainHeader.json.serialized()
    for key in ["labels", "family", "tool"] {
      let start = text.ranges(of: "\"\(key)\":")[0].lowerBound
      let twice = text[..<start] + "\"\(key)\":null," + text[start...]
      do throws(NativeError) {
        _ = try header(String(twice))
        Issue.record("\(key) was read twice")
      } catch {
        guard case .invalidJSON(let reason) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(reason.reason == .duplicateKey(key))
      }
    }
  }

  @Test("arrays and objects nested deeper than the limit are refused")
  func refusesDeepNesting() {
    let text = Sample.plainHeader.json.serialized()
    let key = "\"preprocessing\":"
    let place = text.utf8.count - text.split(separator: key)[1].utf8.count
    func nested(_ depth: Int) -> String {
      let value = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      return text.replacing("\(key)null", with: "\(key)\(value)")
    }
    // The header itself is the first level.
    #expect(throws: Never.self) { try header(nested(63)) }
    #expect(
      throws: NativeError.invalidJSON(
        JSONError(reason: .tooDeep(limit: 64), offset: place + 63))
    ) { try header(nested(64)) }
  }

  @Test("there is a label for each class, and a width for each depth")
  func refusesOtherCounts() {
    let json = Self.full.json
    #expect(
      error(json.replacing("model.classes", with: .integer(1000)))
        == .wrongValue(
          field: "labels", expected: "1000 strings, one for each of the classes", found: "3"))
    #expect(error(json.replacing("model.classes", with: .null)) == nil)
    #expect(
      error(json.replacing("model.depths", with: .integers([3, 3, 9])))
        == .wrongValue(
          field: "model.widths", expected: "3 numbers, one for each of the depths", found: "4"))
  }

  @Test("an element type that is not known is named with its tensor")
  func refusesUnknownElementType() {
    #expect(
      error(Self.full.json.replacing("tensors[1].dtype", with: .string("f32")))
        == .unknownElementType(tensor: "\u{E9}", found: "f32"))
  }

  @Test("every element type is written and read", arguments: ElementType.allCases)
  func knowsElementTypes(_ elementType: ElementType) throws {
    var original = Self.full
    original.tensors[0].info.elementType = elementType
    #expect(try header(original.json.serialized()) == original)
  }

  @Test("more tensors than the limit are refused")
  func refusesManyTensors() {
    var limits = Limits.standard
    limits.tensorCount = 1
    #expect(error(Self.full.json, limits: limits) == .tooManyTensors(found: 2, limit: 1))
    limits.tensorCount = 2
    #expect(error(Self.full.json, limits: limits) == nil)
  }
}
