extension Recipe {
  /// The recipes that have a name.
  public enum BuiltIn: String, CaseIterable, Sendable {
    case int8
    case int8Accurate = "int8-accurate"
    case int8Block32 = "int8-block32"
    case int4Block32 = "int4-block32"
    case float16
    case bfloat16

    /// What it is for, in a line.
    public var summary: String {
      switch self {
      case .int8: "int8 for every weight after the stem, with a scale for each output channel"
      case .int8Accurate: "int8 for the pointwise layers, float16 for all other weights"
      case .int8Block32: "int8 with a scale for each 32 weights: for heavy tails"
      case .int4Block32: "4 bits for the pointwise layers, int8 for the rest: the smallest"
      case .float16: "half precision throughout"
      case .bfloat16: "the range of float32 with 8 bits of precision"
      }
    }

    /// The recipe.
    public var recipe: Recipe {
      Recipe(
        name: rawValue, rules: TensorRole.allCases.map { Rule($0.rawValue, formats(of: $0)) })
    }

    // Rows of smaller models are not always a multiple of 32 (atto's first have 40); those have a
    // scale for each output channel. The 49 weights of a depthwise row are one block anyway.
    private static let block8: [WeightFormat] = [.int8Block32, .int8]
    private static let block4: [WeightFormat] = [.int4Block32, .int8]

    private func formats(of role: TensorRole) -> [WeightFormat] {
      switch role {
      //                        int8        int8-accurate  int8-block32  int4-block32
      case .stem: choice([.float16], [.float16], [.float16], [.float16])
      case .depthwise: choice([.int8], [.float16], [.int8], [.int8])
      case .expand, .project: choice([.int8], [.int8], Self.block8, Self.block4)
      case .downsample, .preLogits, .classifier:
        choice([.int8], [.float16], Self.block8, [.int8])
      case .layerScale, .grn, .norm, .bias:
        choice([.float32], [.float32], [.float32], [.float32])
      }
    }

    /// The recipe's own among the formats of the four that treat roles differently.
    private func choice(
      _ int8: [WeightFormat], _ accurate: [WeightFormat], _ block8: [WeightFormat],
      _ block4: [WeightFormat]
    ) -> [WeightFormat] {
      switch self {
      case .int8: int8
      case .int8Accurate: accurate
      case .int8Block32: block8
      case .int4Block32: block4
      case .float16: [.float16]
      case .bfloat16: [.bfloat16]
      }
    }
  }
}
