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
      (P.none, P.no), (P.integer(2), P.yes),
    ])
  func different(_ first: [UInt8], _ second: [UInt8]) throws {
    let value = P.ascii("}(") + first + P.tensor() + second + P.tensor() + P.ascii("u")
    if case .keyDuplicate? = failure(value)?.reason { Issue.record("one key") }
  }

  /// BINFLOAT: the highest byte first.
  private static func float(_ value: Double) -> [UInt8] {
    P.ascii("G") + (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) }
  }
}
