import ByteIO
import TensorModel
import Testing

@testable import NativeFormat

@Suite("NativeHeader")
struct NativeHeaderTests {
  @Test("the manifest is made of the header's digests, sorted by name")
  func makesManifest() throws {
    let file = try Sample.file()
    let norm = SHA256Digest(of: ByteRegion(copying: Sample.floats([1, -0.5]))).hex
    let bias = SHA256Digest(of: ByteRegion(copying: [0x00, 0x34, 0x00, 0x40])).hex
    #expect(
      file.header.manifest.text == """
        \(bias)  F16[2]  head.classifier.bias
        \(norm)  F32[2]  stem.norm.weight

        """)
    #expect(try file.header.manifest == Manifest(of: file.tensors))
  }

  @Test("a description without more is that of a published model with its epsilons")
  func hasDefaults() {
    let model = Sample.plainHeader.model
    #expect(model.family == "convnext")
    #expect(model.normEpsilon == 1e-6)
    #expect(model.finalNormEpsilon == 1e-6)
    #expect(model.missingTensors == [])
    #expect(Sample.plainHeader.preprocessing == nil)
    #expect(Sample.plainHeader.labels == nil)
    #expect(Sample.plainHeader.tensors == [])
  }
}
