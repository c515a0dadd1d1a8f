import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("MisplacedBlock")
struct MisplacedBlockTests {
  /// The names of one block of `tiny`, with other components in front of it.
  private func block(_ model: String, _ path: String, as other: String) throws -> [SchemaInput] {
    try inputs(
      Gold.tensors(model).filter { $0.name.string.hasPrefix(path) }.map { info in
        TensorInfo(
          name: TensorName(other + info.name.string.dropFirst(path.count)),
          elementType: info.elementType, shape: info.shape)
      })
  }

  private static let blocks: [(model: String, path: String, naming: Naming, name: String)] = [
    ("facebook tiny", "stages.0.0.", .facebook, "dwconv.weight"),
    ("timm tiny", "stages.0.blocks.0.", .timm, "conv_dw.weight"),
    (
      "huggingface tiny", "convnext.encoder.stages.0.layers.0.", .huggingface, "dwconv.weight"
    ),
    ("torchvision tiny", "features.1.0.", .torchvision, "block.0.weight"),
  ]

  @Test(
    "a block at another place is found by its own names, and whose they are", arguments: blocks,
    ["layer1.x.", ""])
  func finds(
    _ block: (model: String, path: String, naming: Naming, name: String), other: String
  ) throws {
    let inputs = try self.block(block.model, block.path, as: other)
    try #require(!inputs.isEmpty)
    let found = try #require(MisplacedBlock(in: inputs))
    #expect(found.naming == block.naming)
    #expect(found.name.string == other + block.name)
    #expect(found.pattern.hasSuffix("{j}.\(block.name)"))
    #expect(
      throws: SchemaError.noModel(tensorCount: inputs.count, misplaced: found)
    ) { try ModelMatcher(inputs).match() }
  }

  @Test("a depthwise convolution of another network is none, nor is one of another shape")
  func others() throws {
    let whole = try block("timm tiny", "stages.0.blocks.0.", as: "blocks.0.0.")
    for part in ["conv_dw.weight", "norm.weight", "mlp.fc1.weight", "mlp.fc2.weight"] {
      let rest = whole.filter { !$0.info.name.string.hasSuffix(part) }
      #expect(rest.count == whole.count - 1)
      #expect(MisplacedBlock(in: rest) == nil)
    }
    let wide = whole.map { input in
      input.info.shape.count == 4
        ? inputs([
          TensorInfo(name: input.info.name, elementType: .float32, shape: [96, 96, 7, 7])
        ])[0] : input
    }
    #expect(MisplacedBlock(in: wide) == nil)
    let glued = try block("timm tiny", "stages.0.blocks.0.", as: "layer1.x_")
    #expect(MisplacedBlock(in: glued) == nil)
  }

  @Test("the message names both, and the hint leads to renaming")
  func message() throws {
    let inputs = try block("timm tiny", "stages.0.blocks.0.", as: "layer1.x.")
    let error = ModelMatcher(inputs).noModel
    #expect(
      error.message.hasSuffix(
        "; 'layer1.x.conv_dw.weight' is like timm's 'stages.{i}.blocks.{j}.conv_dw.weight' at "
          + "another place"))
    #expect(error.hint?.contains("--rules FILE") == true)
    #expect(SchemaError.noModel(tensorCount: 1).hint?.contains("--rules") == false)
  }
}
