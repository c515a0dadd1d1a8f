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
        name: rawValue,
        rules: Self.table.map { row in
          Rule(.role(row.role), row.formats[self] ?? [], text: row.role.rawValue)
        })
    }

    private typealias Row = (role: TensorRole, formats: [BuiltIn: [WeightFormat]])

    private static func row(
      _ role: TensorRole, _ int8: [WeightFormat], _ accurate: [WeightFormat],
      _ block: [WeightFormat], _ small: [WeightFormat]
    ) -> Row {
      (
        role,
        [
          .int8: int8, .int8Accurate: accurate, .int8Block32: block, .int4Block32: small,
          .float16: [.float16], .bfloat16: [.bfloat16],
        ]
      )
    }

    // Rows of smaller models are not always a multiple of 32 (atto's first have 40); those have a
    // scale for each output channel. The 49 weights of a depthwise row are one block anyway.
    private static let block8: [WeightFormat] = [.int8Block32, .int8]
    private static let block4: [WeightFormat] = [.int4Block32, .int8]
    private static let float: [WeightFormat] = [.float32]

    private static let table: [Row] = [
      //   role         int8        int8-accurate  int8-block32  int4-block32
      row(.stem, [.float16], [.float16], [.float16], [.float16]),
      row(.depthwise, [.int8], [.float16], [.int8], [.int8]),
      row(.expand, [.int8], [.int8], block8, block4),
      row(.project, [.int8], [.int8], block8, block4),
      row(.downsample, [.int8], [.float16], block8, [.int8]),
      row(.preLogits, [.int8], [.float16], block8, [.int8]),
      row(.classifier, [.int8], [.float16], block8, [.int8]),
      row(.layerScale, float, float, float, float),
      row(.grn, float, float, float, float),
      row(.norm, float, float, float, float),
      row(.bias, float, float, float, float),
    ]
  }
}
