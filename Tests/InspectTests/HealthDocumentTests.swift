import Inspect
import TestSupport
import Testing

/// `docs/command-line.md` says what is a finding, and from where on.
@Suite("Health in the documents")
struct HealthDocumentTests {
  private let document = Document("docs/command-line.md")

  @Test("every rule is there, in order")
  func rules() throws {
    #expect(try document.table("health").map { $0[0] } == HealthRule.allCases.map(\.rawValue))
  }

  @Test("the thresholds are those of the code")
  func thresholds() throws {
    let scales = HealthThresholds.initialLayerScales.map { "\($0)" }.joined(separator: ", ")
    #expect(
      try document.table("thresholds").map { [$0[0], $0[1]] } == [
        ["float16Overflow", "\(Int(HealthThresholds.float16Overflow))"],
        ["deadChannelShare", "\(HealthThresholds.deadChannelShare)"],
        ["untrainedShare", "\(HealthThresholds.untrainedShare)"],
        ["initialLayerScales", scales],
        ["layerScaleTolerance", "\(HealthThresholds.layerScaleTolerance)"],
      ])
  }
}
