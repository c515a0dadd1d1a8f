import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Keys of dictionaries")
struct PickleKeyTests: TensorArchives {
  /// Python has the last value under the first key; which of both a reader shows, is chance.
  @Test(
    "keys that are one in Python are one key twice",
    arguments: [
      (P.integer(1), P.yes), (P.integer(0), P.no), (P.integer(1), float(1)),
      (float(0), float(-0.0)), (float(2.5), float(2.5)), (P.text("a"), P.text("a")),
      (P.tuple(P.integer(1), P.text("a")), P.tuple(P.yes, P.text("a"))),
      (float(0x1p80), big(1, shift: 80)), (float(-0x1p80), big(-1, shift: 80)),
      (float(0x1p63), big(1, shift: 63)), (float(0x1.8p100), big(3, shift: 99)),
      (float(-0x1p87), big(-1, shift: 87)), (float(0x1p87), big(1, shift: 87)),
      (P.global("torch", "float32"), P.global("torch", "float32")),
      (P.global("__builtin__", "str"), P.global("__builtin__", "unicode")),
      (P.global("__builtin__", "long"), P.global("builtins", "int")),
      (P.global("numpy", "bool"), P.global("numpy", "bool_")),
      (P.global("torch.nn.modules", "Linear"), P.global("torch.nn.modules.linear", "Linear")),
      (P.tuple(P.tuple(P.yes)), P.tuple(P.tuple(P.integer(1)))),
      (P.tensor() + P.ascii("q\u{7}"), P.ascii("h\u{7}")),
    ])
  func equal(_ first: [UInt8], _ second: [UInt8]) {
    let value = P.ascii("}(") + first + P.tensor() + second + P.tensor() + P.ascii("u")
    guard case .keyDuplicate? = failure(value)?.reason else {
      Issue.record("two keys: \(first), \(second)")
      return
    }
  }

  @Test(
    "others are two",
    arguments: [
      (P.integer(1), P.text("1")), (P.integer(1), float(1.5)),
      (P.text("e\u{301}"), P.text("\u{E9}")),
      (P.none, P.no), (P.integer(2), P.yes), (float(0x1p80), big(1, shift: 81)),
      (float(0x1p80), big(-1, shift: 80)), (float(.infinity), big(1, shift: 80)),
      (P.global("torch", "float32"), P.global("torch", "float16")),
      (P.tensor(), P.tensor()), (P.tuple(P.tuple(P.yes)), P.tuple(P.tuple(P.no))),
    ])
  func different(_ first: [UInt8], _ second: [UInt8]) throws {
    let value = P.ascii("}(") + first + P.tensor() + second + P.tensor() + P.ascii("u")
    if case .keyDuplicate? = failure(value)?.reason { Issue.record("one key") }
  }

  private static func object(
    _ name: String, _ arguments: [UInt8]..., in module: String = "builtins"
  ) -> [UInt8] {
    P.global(module, name) + P.tuple(arguments) + P.ascii("R")
  }

  /// Python takes `str('w')` for `'w'`, `complex(1)` for 1, and so on for classes without number.
  @Test(
    "an object that may be equal to another key is refused beside tensors",
    arguments: [
      [P.text("w"), object("str", P.text("w"))], [P.integer(1), object("int", P.text("1"))],
      [P.integer(1), object("complex", P.integer(1))],
      [P.integer(1), object("Decimal", P.integer(1), in: "decimal")],
      [object("str", P.text("w")), object("str", P.text("w"))],
      [
        object("device", P.text("cuda:0"), in: "torch"),
        object("device", P.text("cuda"), P.integer(0), in: "torch"),
      ],
    ])
  func objects(_ keys: [[UInt8]]) {
    func dictionary(_ value: [UInt8]) -> [UInt8] {
      P.ascii("}(") + P.text("z") + value + keys.flatMap { $0 + P.none } + P.ascii("u")
    }
    let reason = failure(P.dictionary(["x": dictionary(P.tensor())]))?.reason
    guard case .keyAmbiguous? = reason else {
      Issue.record("found \(String(describing: reason))")
      return
    }
    #expect(failure(P.dictionary(["x": dictionary(P.none)])) == nil)
  }

  @Test("under nothing but such objects tensors are listed, and are not read")
  func onlyObjects() throws {
    let keys = [Self.object("str", P.text("w")), Self.object("str", P.text("v"))]
    let dictionary = P.ascii("}(") + keys.flatMap { $0 + P.tensor() } + P.ascii("u")
    let file = try open(
      P.dictionary(["model": P.dictionary(["w": P.tensor()]), "side": dictionary]))
    #expect(file.tensors.map(\.name.string) == ["model.w"])
    #expect(file.unsupportedTensors.map(\.name) == ["side.str0", "side.str1"])
    guard case .dictionary(let root) = file.root,
      case .dictionary(let side)? = root.entries.last?.value
    else {
      Issue.record("the root has a dictionary")
      return
    }
    #expect(side.entries.map(\.value) == [.unsupportedTensor(0), .unsupportedTensor(1)])
  }

  @Test("an object that is equal to no plain value, or is the only key, is in order")
  func distinctObjects() throws {
    let device = Self.object("device", P.text("cpu"), in: "torch")
    for keys in [[device, P.text("z")], [Self.object("str", P.text("w"))]] {
      let value = P.ascii("}(") + keys.flatMap { $0 + P.tensor() } + P.ascii("u")
      #expect(try open(value).tensors.count == keys.count)
    }
  }

  /// LONG1: a number shifted to the left.
  private static func big(_ value: Int8, shift: Int) -> [UInt8] {
    let low = UInt16(bitPattern: Int16(value)) << (shift % 8)
    let bytes =
      [UInt8](repeating: 0, count: shift / 8)
      + [UInt8(truncatingIfNeeded: low), UInt8(truncatingIfNeeded: low >> 8)]
    return [0x8A, UInt8(bytes.count)] + bytes
  }

  /// BINFLOAT: the highest byte first.
  private static func float(_ value: Double) -> [UInt8] {
    P.ascii("G") + (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) }
  }
}
