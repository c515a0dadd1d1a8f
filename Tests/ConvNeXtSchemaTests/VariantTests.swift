import ConvNeXtSchema
import Testing

@Suite("Variant")
struct VariantTests {
  @Test(
    "names of all styles lead to a size",
    arguments: [
      ("tiny", "convnext_tiny", nil), ("tiny-224", "convnext_tiny", 224),
      ("ConvNeXt-Tiny-384", "convnext_tiny", 384), ("v2-huge-512", "convnextv2_huge", 512),
      ("convnextv2_atto", "convnextv2_atto", nil), ("convnext-v2-base", "convnextv2_base", nil),
      ("iso-small", "convnext_isotropic_small", nil), ("atto_ols", "convnext_atto_ols", nil),
      ("test_convnext2", "test_convnext2", nil),
      ("test-convnext-160", "test_convnext", 160),
    ])
  func findsConfiguration(name: String, fullName: String, imageSize: Int?) throws {
    let found = try Variant.configuration(named: name)
    #expect(found.variant.fullName == fullName)
    #expect(found.imageSize == imageSize)
  }

  @Test(
    "a model's name at Hugging Face or in timm gets the size that it stands for",
    arguments: [
      ("convnext_tiny.fb_in1k", "convnext_tiny"), ("timm/convnext_tiny.fb_in1k", "convnext_tiny"),
      ("facebook/convnext-tiny-224", "convnext-tiny-224"),
      ("facebook/convnextv2-atto-1k-224", nil),
    ])
  func publishedNames(_ name: String, _ nearest: String?) {
    #expect(throws: SchemaError.unknownConfiguration(name, nearest: nearest)) {
      try Variant.configuration(named: name)
    }
  }

  @Test("an unknown name gets the nearest one")
  func suggestsNearest() {
    #expect(throws: SchemaError.unknownConfiguration("tyni", nearest: "tiny")) {
      try Variant.configuration(named: "tyni")
    }
  }

  @Test(
    "a size of images alone, or in a strange place, is an unknown name",
    arguments: [
      "", "224", "-224", "_224", "tiny_224_", "tiny--", "-", "--", "_", "tiny_224_384", "tiny_0",
      "tiny_8193", "tiny_+224", "tiny_0224", "tiny_99999999999999999999", "tiny-224x", "convnext",
      "convnext_224", "v2_",
    ])
  func strangeNames(name: String) throws {
    do throws(SchemaError) {
      Issue.record("it is \(try Variant.configuration(named: name).variant.fullName)")
    } catch {
      #expect(error.rule == "unknown-configuration")
    }
  }

  @Test("every size is recognized as itself")
  func recognizesItself() {
    for variant in Variant.all {
      #expect(Variant(of: variant.architecture)?.fullName == variant.fullName)
    }
  }

  @Test("tensors tell no kind of norms without biases, so another kind makes no other size")
  func ignoresKindOfNorms() throws {
    var architecture = try Variant.configuration(named: "zepto_rms").variant.architecture
    #expect(architecture.features == ["layer_scale", "conv_mlp", "simple_norm"])
    architecture.norm = .rootMeanSquare
    #expect(Variant(of: architecture)?.name == "zepto_rms")
    architecture.norm = .layer
    #expect(Variant(of: architecture) == nil)
  }

  @Test("another number of classes makes no other size, another depth does")
  func ignoresHead() {
    #expect(
      Variant(of: Architecture(depths: [3, 3, 9, 3], widths: [96, 192, 384, 768], classes: 7))?.name
        == "tiny")
    #expect(
      Variant(of: Architecture(depths: [3, 3, 8, 3], widths: [96, 192, 384, 768], classes: 7))
        == nil)
  }
}
