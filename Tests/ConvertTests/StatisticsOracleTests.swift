import ByteIO
import Convert
import Inspect
import TensorModel
import TestSupport
import Testing

/// `fixtures/gold/statistics.json` has what numpy finds in some fixtures.
@Suite("Statistics against numpy")
struct StatisticsOracleTests {
  @Test(
    "are equal to a millionth",
    arguments: [
      "names/timm.safetensors", "digits/convnext_digits.pth", "digits/test.safetensors",
      "safetensors/dtypes.safetensors", "torch/dtypes.pth", "torch/views.pth",
      "torch/channels-last.pth",
    ])
  func fixture(file: String) throws {
    let expected = try #require(try Gold.json("statistics.json")[file]?.objectValue)
    let tensors = try Checkpoint(path: Fixtures.path(file)).tensors
    let listing = try TensorListing(tensors, hasStatistics: true)
    let byName = Dictionary(
      listing.rows.map { ($0.tensor.name, $0.statistics) }, uniquingKeysWith: { first, _ in first })
    #expect(expected.entries.count > 0)
    for entry in expected.entries {
      let found = try #require(byName[TensorName(entry.key)] ?? nil, "\(entry.key)")
      let figures: [(String, Double?)] = [
        ("min", found.minimum), ("max", found.maximum), ("mean", found.mean),
        ("std", found.standardDeviation.flatMap { $0.isFinite ? $0 : nil }),
      ]
      for (key, figure) in figures {
        let number = entry.value[key]?.numberValue
        #expect(isClose(figure, number), "\(entry.key) \(key): \(figure as Any) \(number as Any)")
      }
      #expect(entry.value["zeros"]?.integerValue == found.zeroCount)
      #expect(entry.value["subnormals"]?.integerValue == found.subnormalCount)
      #expect(entry.value["nan"]?.integerValue == found.nanCount)
      #expect(entry.value["inf"]?.integerValue == found.infinityCount)
      #expect(entry.value["histogram"]?.integerArray == found.histogram, "\(entry.key)")
    }
  }

  private func isClose(_ found: Double?, _ expected: Double?) -> Bool {
    guard let found, let expected else { return found == nil && expected == nil }
    return (found - expected).magnitude <= 1e-6 * expected.magnitude
  }
}
