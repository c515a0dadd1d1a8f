import ByteIO
import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing

@testable import Quantize

@Suite("Recipe")
struct RecipeTests {
  private func parsed(_ text: String) throws -> Recipe {
    try Recipe(name: "r.json", parsing: ByteRegion(copying: text.utf8))
  }

  private func formats(_ recipe: Recipe, _ architecture: Architecture) throws -> [String:
    WeightFormat]
  {
    Dictionary(
      uniqueKeysWithValues: try architecture.parameters.map { ($0.name, try recipe.format(of: $0)) }
    )
  }

  @Test("every built-in recipe can be applied to every published size", arguments: Variant.all)
  func published(variant: Variant) throws {
    for recipe in Recipe.BuiltIn.allCases {
      #expect(
        try formats(recipe.recipe, variant.architecture).count
          == variant.architecture.parameters.count)
    }
  }

  @Test("a built-in recipe leaves nothing to chance: each role has its formats")
  func complete() {
    for recipe in Recipe.BuiltIn.allCases {
      #expect(recipe.recipe.rules.map(\.subject) == TensorRole.allCases.map { .role($0) })
      #expect(recipe.recipe.rules.allSatisfy { !$0.formats.isEmpty })
    }
  }

  @Test("int8 takes every weight but the stem's, never a vector")
  func int8() throws {
    let architecture = try Variant.configuration(named: "tiny-224").variant.architecture
    let formats = try formats(Recipe.BuiltIn.int8.recipe, architecture)
    for parameter in architecture.parameters {
      let expected: WeightFormat =
        parameter.name == "stem.conv.weight"
        ? .float16 : parameter.shape.count > 1 ? .int8 : .float32
      #expect(formats[parameter.name] == expected, "\(parameter.name)")
    }
  }

  @Test("rows that are no multiple of 32 have a scale for each channel in the block recipes")
  func blocks() throws {
    let atto = try Variant.configuration(named: "atto").variant.architecture
    let found = try formats(Recipe.BuiltIn.int4Block32.recipe, atto)
    #expect(found["stages.0.blocks.0.expand.weight"] == .int8)
    #expect(found["stages.0.blocks.0.project.weight"] == .int4Block32)
    #expect(found["stages.2.blocks.0.expand.weight"] == .int4Block32)
  }

  @Test("of the rules that fit a tensor the last one holds, and what no rule names is kept")
  func order() throws {
    let architecture = try Variant.configuration(named: "tiny-224").variant.architecture
    let recipe = try parsed(
      #"{"expand": "int8", "*.blocks.0.*": "bfloat16", "stages.1.*.expand.weight": "float16"}"#)
    let found = try formats(recipe, architecture)
    #expect(found["stages.0.blocks.1.expand.weight"] == .int8)
    #expect(found["stages.0.blocks.0.expand.weight"] == .bfloat16)
    #expect(found["stages.0.blocks.0.norm.bias"] == .bfloat16)
    #expect(found["stages.1.blocks.0.expand.weight"] == .float16)
    #expect(found["head.classifier.weight"] == .keep)
    #expect(recipe.unusedNames(in: architecture).isEmpty)
  }

  @Test("a list of formats gives the first that fits, and one that does not fit is an error")
  func lists() throws {
    let atto = try Variant.configuration(named: "atto").variant.architecture
    let list = try formats(parsed(#"{"expand": ["int8-block32", "int8"]}"#), atto)
    #expect(list["stages.0.blocks.0.expand.weight"] == .int8)
    #expect(
      throws: QuantizeError.notApplicable(
        tensor: "stages.0.blocks.0.expand.weight", format: .int8Block32, shape: [160, 40])
    ) { try formats(parsed(#"{"expand": "int8-block32"}"#), atto) }
  }

  @Test(
    "what is no recipe is refused",
    arguments: [
      ("[]", "it is not an object of roles or names and their formats"),
      (#"{"expand": "int7"}"#, "'expand': 'int7' is not a format"),
      (#"{"expand": 8}"#, "'expand': 8 is not a format"),
      (#"{"expand": []}"#, "'expand' has no format"),
    ])
  func invalid(text: String, reason: String) {
    #expect(throws: QuantizeError.invalidRecipe(reason: reason, byteOffset: nil)) {
      try parsed(text)
    }
  }

  @Test("what is no JSON is refused, and a name that fits nothing is found")
  func more() throws {
    #expect(throws: QuantizeError.self) { try parsed("{") }
    let architecture = try Variant.configuration(named: "tiny-224").variant.architecture
    #expect(
      try parsed(#"{"expandd": "int8", "grn": "float32", "stem.*": "keep"}"#)
        .unusedNames(in: architecture) == ["expandd"])
  }

  @Test("every module with a weight has a role of its own")
  func roles() {
    for role in Module.Role.allCases where role != .pool {
      let isNorm = role.rawValue.lowercased().hasSuffix("norm") && role != .globalResponseNorm
      let parameter = Variant.all.lazy.flatMap(\.architecture.parameters)
        .first { $0.role == role && !$0.isBias }
      if let parameter { #expect((TensorRole(parameter) == .norm) == isNorm, "\(role)") }
    }
  }
}
