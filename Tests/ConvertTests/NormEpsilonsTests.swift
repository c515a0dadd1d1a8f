import ConvNeXtSchema
import Inspect
import NativeFormat
import TestSupport
import Testing

@testable import Convert

@Suite("Norm epsilons")
struct NormEpsilonsTests {
  @Test("without a word they are the publishers' own")
  func publishers() throws {
    let tiny = try Variant.configuration(named: "tiny").variant
    let huge = try Variant.configuration(named: "xxlarge").variant
    for (naming, hasSmallFinalEpsilon, variant, norms, final) in [
      (Naming.timm, false, tiny, 1e-6, 1e-6), (.timm, false, huge, 1e-5, 1e-5),
      (.canonical, false, huge, 1e-5, 1e-5), (.torchvision, false, huge, 1e-6, 1e-6),
      (.huggingface, true, tiny, 1e-6, 1e-12), (.huggingface, true, huge, 1e-6, 1e-12),
    ] {
      let epsilons = NormEpsilons(
        of: variant.architecture, naming: naming, hasSmallFinalEpsilon: hasSmallFinalEpsilon)
      #expect(epsilons.norms == norms)
      #expect(epsilons.finalNorm == final)
    }
    let folder = try Checkpoint(path: Fixtures.path("folders/single")).plan("a.convnext")
    #expect(folder.nativeHeader.model.finalNormEpsilon == 1e-6)
    let file = try FixtureManifest.file("names/huggingface.pth").checkpoint().plan("a.convnext")
    #expect(file.nativeHeader.model.finalNormEpsilon == 1e-12)
  }

  /// A folder of transformers with an epsilon, or without a configuration.
  private func model(epsilon: Double?, in folder: TemporaryFolder) throws -> Checkpoint {
    try folder.copy("names/huggingface.safetensors", to: "model.safetensors")
    if let epsilon {
      try folder.write(
        text: #"{"model_type": "convnext", "layer_norm_eps": \#(epsilon)}"#, to: "config.json")
    }
    return try Checkpoint(path: folder.path)
  }

  @Test(
    "two models differ by an epsilon that both say",
    arguments: [
      (1e-5, 1e-3, "the final norm's epsilon is 1e-05 in the first and 0.001 in the second"),
      (1e-12, 1e-5, "the final norm's epsilon is 1e-12 in the first and 1e-05 in the second"),
      (1e-12, 1e-6, nil), (1e-6, 1e-12, nil), (1e-5, 1e-5, nil), (nil, 1e-5, nil), (1e-5, nil, nil),
    ] as [(Double?, Double?, String?)])
  func differences(_ first: Double?, _ second: Double?, _ sentence: String?) throws {
    let folders = [try TemporaryFolder(), try TemporaryFolder()]
    let diff = try ModelDiff(
      model(epsilon: first, in: folders[0]), model(epsilon: second, in: folders[1]))
    #expect(diff.modelDifference == sentence)
    #expect(diff.isSame == (sentence == nil))
    #expect(diff.verdict == sentence.map { "different: \($0)" } ?? "same model, identical")
  }

  @Test("the epsilon of a .convnext file is one that it says")
  func nativeFile() throws {
    let folder = try TemporaryFolder()
    let model = try model(epsilon: 1e-5, in: folder)
    let converted = try model.converted(to: folder.path("a.convnext"))
    #expect(try ModelDiff(model, converted).modelDifference == nil)
    let other = try TemporaryFolder()
    let usual = try self.model(epsilon: 1e-12, in: other)
    #expect(try !ModelDiff(converted, usual).isSame)
  }

  @Test("the norms' own epsilon is told before the final norm's")
  func norms() throws {
    let tiny = try Variant.configuration(named: "tiny").variant.architecture
    let xxlarge = try Variant.configuration(named: "xxlarge").variant.architecture
    let small = NormEpsilons(of: tiny, naming: .huggingface, hasSmallFinalEpsilon: true)
    let usual = NormEpsilons(of: tiny, naming: .huggingface, hasSmallFinalEpsilon: false)
    let huge = NormEpsilons(of: xxlarge, naming: .timm, hasSmallFinalEpsilon: false)
    #expect(small.difference(from: usual) == nil)
    #expect(
      usual.difference(from: huge)
        == "the norms' epsilon is 1e-06 in the first and 1e-05 in the second")
  }
}
