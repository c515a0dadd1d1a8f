import Inspect
import TensorModel
import Testing

@Suite("Model diff")
struct ModelDiffTests {
  private func verdict(
    _ left: [Tensor], _ right: [Tensor], tolerance: Double? = nil
  ) throws -> String {
    try ModelDiff(left, right, isModel: true, tolerance: tolerance).verdict
  }

  @Test("says in a line what differs")
  func verdicts() throws {
    let a = floatTensor("a", [1, 2])
    let b = floatTensor("b", [3, 4])
    let near = floatTensor("b", [3, 4.25])
    #expect(try verdict([], []) == "same model, identical")
    #expect(try verdict([a, b], [b, a]) == "same model, identical")
    #expect(try verdict([a, b], [a, near]) == "different: 1 of 2 tensors differs")
    #expect(try verdict([b], [near]) == "different: 1 of 1 tensor differs")
    #expect(
      try verdict([a, b], [a, near], tolerance: 0.25) == "same model, equal within 0.25")
    #expect(
      try verdict([a, b], [a, near], tolerance: 0.2) == "different: 1 of 2 tensors differs")
    #expect(try verdict([a, b], [a]) == "different: 1 missing")
    #expect(
      try verdict([a], [near, floatTensor("a", [1, 2], shape: [2, 1])])
        == "different: 1 of another shape, 1 extra")
    #expect(
      try ModelDiff([a], [a], isModel: false).verdict == "same tensors, identical")
  }

  @Test("signal to noise is that of the tensor that lost something, whichever file it is in")
  func signalToNoise() throws {
    let original = floatTensor("a", [3, 4])
    let quantized = floatTensor("a", [3, 3])
    for isFirst in [false, true] {
      let (left, right) = isFirst ? (quantized, original) : (original, quantized)
      let diff = try ModelDiff([left], [right], isModel: true) { _ in
        ModelDiff.Quantized(scheme: .int8Channel, isFirst: isFirst)
      }
      let ratio = try #require(diff.pairs.first?.signalToNoise)
      #expect((ratio - 13.979400086720377).magnitude < 1e-9)
      #expect(diff.verdict.contains("signal to noise at least 13.98 dB"))
    }
    let lost = floatTensor("a", [0, 0])
    for isFirst in [false, true] {
      let (left, right) = isFirst ? (lost, original) : (original, lost)
      let diff = try ModelDiff([left], [right], isModel: true) { _ in
        ModelDiff.Quantized(scheme: .int8Channel, isFirst: isFirst)
      }
      #expect(diff.pairs.first?.signalToNoise == 0)
    }
    #expect(try ModelDiff([original], [quantized], isModel: true).pairs[0].signalToNoise == nil)
  }

  @Test("what stands beside both models is compared by name, and the rest is told")
  func others() throws {
    let model = [floatTensor("a", [1])]
    func diff(_ left: [Tensor], _ right: [Tensor]) throws -> ModelDiff {
      try ModelDiff(model, model, isModel: true, firstOther: left, secondOther: right) { _ in
        // As if the model's own were quantized.
        ModelDiff.Quantized(scheme: .int8Channel, isFirst: false)
      }
    }
    let head = floatTensor("head", [1, 2])
    let same = try diff([head], [head])
    #expect(same.isSame && same.verdict == "same model, identical")
    #expect(same.pairs.map(\.name) == ["a", "head"])
    let trained = try diff([head], [floatTensor("head", [1, 3])])
    #expect(trained.verdict == "different: 1 of 2 tensors differs")
    #expect(
      try diff([head], [floatTensor("head", [1, 2, 3])]).verdict == "different: 1 of another shape")
    let apart = try diff([head], [floatTensor("neck", [1]), floatTensor("mask", [1])])
    #expect(
      apart.isSame
        && apart.verdict == "same model, identical; 3 tensors beside it were not compared")
    #expect(apart.firstOther == [head.info] && apart.missing == [])
    // A name of the model's own does no harm.
    let likeModel = try diff([floatTensor("a", [5])], [floatTensor("a", [6])])
    #expect(likeModel.verdict == "different: 1 of 2 tensors differs")
  }

  @Test("lists what differs most first, and what is of another shape before that")
  func worst() throws {
    let left = [
      floatTensor("same", [1]), floatTensor("near", [1]), floatTensor("far", [1]),
      floatTensor("shape", [1]),
    ]
    let right = [
      floatTensor("far", [9]), floatTensor("shape", [1, 2]), floatTensor("near", [1.5]),
      floatTensor("same", [1]),
    ]
    let diff = try ModelDiff(left, right, isModel: false)
    #expect(diff.pairs.map(\.name) == ["same", "near", "far", "shape"])
    #expect(diff.worst.map(\.name) == ["shape", "far", "near"])
    #expect(diff.worst[0].difference == nil)
    #expect(diff.worst[1].difference?.maximumDifference == 8)
  }
}
