import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import Quantize

@Suite("RoundedWeights")
struct RoundedWeightsTests {
  private func rounded(
    _ values: [Float], _ type: ElementType = .float16, _ overflow: OverflowPolicy = .refuse
  ) throws -> RoundedWeights {
    try RoundedWeights(Weights.tensor(values), to: type, overflow: overflow, name: "weights")
  }

  private func patterns(_ weights: RoundedWeights) throws -> [UInt16] {
    let bytes = try weights.rounded.contiguousBytes().array
    return stride(from: 0, to: bytes.count, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }

  @Test("65520 is the first number that is too large for F16")
  func firstOverflow() throws {
    #expect(try patterns(rounded([65504, -65519.996])) == [0x7BFF, 0xFBFF])
    #expect(
      throws: QuantizeError.overflow(
        tensor: "weights", index: [1], value: -65520, type: .float16)
    ) { try rounded([1, -65520]).quality() }
    let large = Float(bitPattern: 0x7F7F_8000)
    #expect(try patterns(rounded([large.nextDown], .bfloat16)) == [0x7F7F])
    #expect(
      throws: QuantizeError.overflow(tensor: "weights", index: [0], value: large, type: .bfloat16)
    ) { try rounded([large], .bfloat16).quality() }
  }

  @Test("numbers that are too large saturate, or become infinite, and are counted")
  func policies() throws {
    let values: [Float] = [1, 70000, -1e30, 0.5]
    let saturated = try rounded(values, .float16, .saturate)
    #expect(!saturated.isMeasured)
    #expect(try patterns(saturated) == [0x3C00, 0x7BFF, 0xFBFF, 0x3800])
    #expect(saturated.isMeasured)
    #expect(try saturated.quality().clippedCount == 2)
    #expect(try saturated.quality().maximumError == Double(Float(1e30) - 65504))
    let infinite = try rounded(values + [.infinity], .float16, .infinity)
    #expect(try patterns(infinite) == [0x3C00, 0x7C00, 0xFC00, 0x3800, 0x7C00])
    #expect(try infinite.quality().clippedCount == 2)
    #expect(try infinite.quality().maximumError == .infinity)
    #expect(try infinite.quality().sqnr == -.infinity)
    let kept = try rounded([1, .infinity, 0.5], .float16, .infinity)
    #expect(try kept.quality().clippedCount == 0)
    #expect(try kept.quality().sqnr == .infinity)
    #expect(try RoundedWeights.overflows(Weights.tensor(values), floatType: .float16, name: "w"))
    #expect(try !RoundedWeights.overflows(Weights.tensor(values), floatType: .bfloat16, name: "w"))
  }

  @Test("NaN is an error under every policy, infinity under all but one")
  func notFinite() throws {
    for policy in OverflowPolicy.allCases {
      #expect(throws: QuantizeError.self) { try rounded([.nan], .float16, policy).quality() }
      if policy != .infinity {
        #expect(
          throws: QuantizeError.notFinite(tensor: "weights", index: [1], value: .infinity)
        ) { try rounded([0, .infinity], .bfloat16, policy).quality() }
      }
    }
    for value in [Float.nan, .infinity] {
      #expect(throws: QuantizeError.self) {
        try RoundedWeights.overflows(
          Weights.tensor([70000, value]), floatType: .float16, name: "w")
      }
    }
  }

  @Test("what becomes subnormal, or 0, is counted", arguments: [1, 3, 8, 21])
  func underflow(repeats: Int) throws {
    // Normal, subnormal, the smallest, half of it (0), a hair above half, zeros.
    let values: [Float] = [0x1p-14, 0x1p-15, 0x1p-24, 0x1p-25, 0x1.0002p-25, 0, -0.0]
    let all = [[Float]](repeating: values, count: repeats).flatMap(\.self)
    let quality = try rounded(all).quality()
    #expect(quality.subnormalCount == 3 * repeats)
    #expect(quality.flushedCount == repeats)
    #expect(
      try patterns(rounded(values)) == [0x0400, 0x0200, 0x0001, 0, 0x0001, 0, 0x8000])
  }

  @Test("F16 and BF16 become F32 without loss")
  func widening() throws {
    let half = try rounded([1.5, -0x1p-24]).rounded
    let wide = try RoundedWeights(half, to: .float32, overflow: .refuse, name: "w")
    #expect(try Weights.floats(wide.rounded) == [1.5, -0x1p-24])
    #expect(try wide.quality().sqnr == .infinity)
  }

  @Test("what F32 does not hold of F64 numbers is measured, however small they are")
  func narrowed() throws {
    func quality(_ doubles: [Double], _ type: ElementType = .float32) throws -> TensorQuality {
      try RoundedWeights(
        Weights.tensor(doubles: doubles), to: type, overflow: .refuse, name: "w"
      ).quality()
    }
    let inexact = try quality([1 + 0x1p-30, -2])
    #expect(inexact.maximumError == 0x1p-30 && inexact.flushedCount == 0)
    #expect((inexact.sqnr - 187.6).magnitude < 0.1)
    #expect(try quality([1, -0.5, 0]).sqnr == .infinity)
    for small in [1e-50, 1e-200] {
      for type in [ElementType.float32, .float16] {
        let flushed = try quality([small, -small, 0], type)
        #expect(flushed.flushedCount == 2 && flushed.maximumError == small)
        #expect(flushed.sqnr.magnitude < 1e-9)
      }
      let mixed = try quality([small, 1])
      #expect(mixed.flushedCount == 1 && mixed.sqnr.isFinite && mixed.sqnr > 900)
    }
  }

  @Test("an F64 number beyond F32 is no infinity, and is refused under every policy")
  func beyondFloat32() throws {
    let double = try Weights.tensor(doubles: [1, -1e39, .infinity])
    let failure = QuantizeError.beyondFloat32(tensor: "w", index: [1], value: -1e39)
    for policy in OverflowPolicy.allCases {
      #expect(throws: failure) {
        try RoundedWeights(double, to: .float16, overflow: policy, name: "w").quality()
      }
    }
    #expect(throws: failure) {
      try RoundedWeights.overflows(double, floatType: .bfloat16, name: "w")
    }
    #expect(throws: failure) {
      try WeightCodes(double, scheme: .int8Channel, name: "w").quality()
    }
  }
}
