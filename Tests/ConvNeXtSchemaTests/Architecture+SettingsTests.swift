import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("Architecture: settings")
struct ArchitectureSettingsTests {
  @Test("an activation that is known goes with the model, whatever its names")
  func activation() throws {
    let tensors = try inputs(Gold.tensors("huggingface tiny"))
    let match = try ModelMatcher(tensors, knownFeatures: ["activation_relu"]).match()
    #expect(match.architecture.features == ["layer_scale", "activation_relu"])
    #expect(match.architecture.untoldFeatures == ["activation_relu"])
    let hostile = "activation_\u{1B}[2J\n'" + String(repeating: "x", count: 100)
    let shown = try ModelMatcher(tensors, knownFeatures: [hostile]).match().architecture
    #expect(shown.block.activation == "__2J__" + String(repeating: "x", count: 47))
    #expect(Variant(of: match.architecture)?.name == "tiny")
    for naming in [Naming.facebook, .timm, .torchvision, .openmmlab] {
      #expect(
        throws: SchemaError.featureNotExpressible(naming: naming, feature: "activation_relu")
      ) { try NameExport(match.architecture, naming: naming) }
    }
    #expect(try !NameExport(match.architecture, naming: .huggingface).entries.isEmpty)
  }

  @Test("what a file says of the computation is kept once, and not without end")
  func settings() throws {
    let tensors = try inputs(Gold.tensors("facebook tiny"))
    let twice = [
      "norm_eps_0.1", "global_pool_max", "norm_eps_0.1", "unheard_of", "output_stride_x",
    ]
    let few = try ModelMatcher(tensors, knownFeatures: twice).match().architecture
    #expect(
      few.features == ["layer_scale", "norm_eps_0.1", "global_pool_max", "unheard_of"])
    #expect(few.unknownFeatures == ["unheard_of"])
    #expect(few.untoldFeatures == ["norm_eps_0.1", "global_pool_max", "unheard_of"])
    let many = (0..<100_000).map { "norm_eps_\($0)" }
    #expect(
      try ModelMatcher(tensors, knownFeatures: many).match().architecture.settings.count == 16)
  }

  @Test(
    "timm keeps a stride of 32: after patches of 8 its last stage has the positions of the third")
  func largePatches() throws {
    let tensors = try Gold.tensors("timm tiny").map { tensor in
      var info = tensor
      if info.name == "stem.0.weight" { info.shape = [96, 3, 8, 8] }
      return info
    }
    let architecture = try ModelMatcher(inputs(tensors)).match().architecture
    #expect(architecture.features == ["layer_scale", "output_stride_32"])
    let sides = try architecture.layers(imageSize: 256).map { $0.outputShape[1] }
    #expect(sides.filter { $0 == 8 }.count > 20 && !sides.contains(4))
    #expect(architecture.minimumImageSize == 32)
    for naming in [Naming.huggingface, .openmmlab] {
      #expect(
        throws: SchemaError.featureNotExpressible(naming: naming, feature: "output_stride_32")
      ) { try NameExport(architecture, naming: naming) }
    }
    #expect(try !NameExport(architecture, naming: .timm).entries.isEmpty)
    #expect(architecture.stride(before: 1) == 8 && architecture.stride(before: 4) == 64)
    var halving = architecture
    halving.outputStride = nil
    #expect(
      throws: SchemaError.numberNotExpressible(
        naming: .timm, name: "stride from the image to the last stage", expected: 32, found: 64)
    ) { try NameExport(halving, naming: .timm) }
  }

  @Test("a bound beyond all strides stops nothing", arguments: [.min, -1, 0, 1, 1 << 16, .max])
  func anyOutputStride(bound: Int) {
    var architecture = Architecture(
      depths: [Int](repeating: 1, count: 64), widths: [Int](repeating: 1, count: 64), classes: 2)
    architecture.outputStride = bound
    #expect(architecture.stride(before: 64) == .max)
    let strides = (1..<64).map { architecture.downsampleStride($0) }
    #expect(strides.filter { $0 == 1 }.count == (bound <= 4 ? 63 : bound == .max ? 2 : 49))
  }
}
