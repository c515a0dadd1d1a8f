import ByteIO
import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing

@Suite("SyntheticModel")
struct SyntheticModelTests {
  private let architecture = Architecture(depths: [1, 2], widths: [8, 16], classes: 5)
  /// One that every publisher's code can build.
  private let whole = Architecture(depths: [1, 2, 1, 1], widths: [4, 8, 12, 16], classes: 5)

  @Test("a model has the same values in every naming")
  func sameValuesInEveryNaming() throws {
    let canonical = try SyntheticModel(whole, naming: .canonical, seed: 3).tensors
    for naming in Naming.allCases {
      let tensors = try SyntheticModel(whole, naming: naming, seed: 3).tensors
      #expect(try tensors.map { try $0.digest() } == canonical.map { try $0.digest() })
    }
  }

  @Test("a seed always gives the same numbers, another seed others")
  func numbersComeFromTheSeed() throws {
    func digest(seed: UInt64) throws -> String {
      let model = try SyntheticModel(architecture, naming: .canonical, seed: seed)
      return try Manifest(of: model.tensors).contentDigest.hex
    }
    // NumPy gives the same.
    #expect(
      try digest(seed: 3) == "4c32c81b3ce5a5c322024cde15bfcd81fb9e3b0f42d09f002c7afc87645c6ba0")
    #expect(try digest(seed: 3) != digest(seed: 4))
  }

  @Test("an element made by itself is that of the tensor")
  func elementsByThemselves() throws {
    let model = try SyntheticModel(whole, naming: .timm, seed: 3)
    for (index, parameter) in whole.parameters.enumerated() {
      let values = SyntheticValues(seed: 3, tensor: index, parameter: parameter)
      let bytes = try model.tensors[index].contiguousBytes()
      for element in [0, parameter.elementCount / 2, parameter.elementCount - 1] {
        let bits = bytes.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: 4 * element, as: UInt32.self)
        }
        #expect(Float(bitPattern: UInt32(littleEndian: bits)) == values.element(element))
      }
    }
  }

  @Test(
    "values are as large as in a trained model",
    arguments: [
      ("stages.1.blocks.0.expand.weight", 0, 0.02), ("stages.1.blocks.0.norm.weight", 1, 0.1),
      ("stages.1.blocks.0.layer_scale", 0.02, 0.005), ("stages.1.blocks.0.expand.bias", 0, 0.05),
    ])
  func sizes(name: String, mean: Float, deviation: Float) throws {
    let index = try #require(architecture.parameters.firstIndex { $0.name == name })
    let values = SyntheticValues(seed: 3, tensor: index, parameter: architecture.parameters[index])
    let sample = (0..<10_000).map { values.element($0) }
    let found = sample.reduce(0, +) / 10_000
    let variance = sample.reduce(0) { $0 + ($1 - found) * ($1 - found) } / 10_000
    #expect(abs(found - mean) < 0.05 * deviation)
    #expect(abs(variance.squareRoot() / deviation - 1) < 0.03)
    #expect(sample.allSatisfy { abs($0 - mean) < 3.5 * deviation })
  }
}
