extension Variant {
  /// Every published size.
  ///
  /// Versions 1 and 2 and the isotropic models are from Meta's repositories. The sizes below
  /// `tiny`, the variants of stem, norm and head, and the test models are from
  /// `timm/models/convnext.py`. A size without layer scale or with 1x1 convolutions is the one that
  /// timm creates by default.
  public static let all: [Variant] = SourceTable.rows(of: table).map { row(of: $0) }

  private static let tanhTest = "says:activation_gelu_pytorch_tanh says:norm_eps_1e-05"
  private static let siluTest = "says:activation_silu says:norm_eps_1e-05 kernels:7,5,5,3"

  private static let table = """
    atto              1   2,2,6,2    40,80,160,320         1000  patch       conv_mlp
    atto_ols          1   2,2,6,2    40,80,160,320         1000  overlap:24  conv_mlp
    atto_rms          1   2,2,6,2    40,80,160,320         1000  patch       conv_mlp rms_norm
    femto             1   2,2,6,2    48,96,192,384         1000  patch       conv_mlp
    femto_ols         1   2,2,6,2    48,96,192,384         1000  overlap:24  conv_mlp
    pico              1   2,2,6,2    64,128,256,512        1000  patch       conv_mlp
    pico_ols          1   2,2,6,2    64,128,256,512        1000  overlap:32  conv_mlp
    nano              1   2,2,8,2    80,160,320,640        1000  patch       conv_mlp
    nano_ols          1   2,2,8,2    80,160,320,640        1000  overlap:80  conv_mlp
    zepto_rms         1   2,2,4,2    32,64,128,256         1000  patch       conv_mlp simple_norm
    zepto_rms_ols     1   2,2,4,2    32,64,128,256         1000  overact:32  conv_mlp simple_norm
    tiny              1   3,3,9,3    96,192,384,768        1000  patch
    tiny_hnf          1   3,3,9,3    96,192,384,768        1000  patch       conv_mlp norm_first
    small             1   3,3,27,3   96,192,384,768        1000  patch
    base              1   3,3,27,3   128,256,512,1024      1000  patch
    large             1   3,3,27,3   192,384,768,1536      1000  patch
    large_mlp         1   3,3,27,3   192,384,768,1536      1000  patch       pre_logits:1536
    xlarge            1   3,3,27,3   256,512,1024,2048     1000  patch
    xxlarge           1   3,4,30,3   384,768,1536,3072     1024  patch
    isotropic_small   1   18         384                   1000  bare
    isotropic_base    1   18         768                   1000  bare
    isotropic_large   1   36         1024                  1000  bare
    atto              2   2,2,6,2    40,80,160,320         1000  patch       conv_mlp
    femto             2   2,2,6,2    48,96,192,384         1000  patch       conv_mlp
    pico              2   2,2,6,2    64,128,256,512        1000  patch       conv_mlp
    nano              2   2,2,8,2    80,160,320,640        1000  patch       conv_mlp
    tiny              2   3,3,9,3    96,192,384,768        1000  patch
    small             2   3,3,27,3   96,192,384,768        1000  patch
    base              2   3,3,27,3   128,256,512,1024      1000  patch
    large             2   3,3,27,3   192,384,768,1536      1000  patch
    huge              2   3,3,27,3   352,704,1408,2816     1000  patch
    test_convnext     1   1,2,4,2    24,32,48,64           1000  patch       \(tanhTest)
    test_convnext2    1   1,1,1,1    32,64,96,128          1000  patch       \(tanhTest)
    test_convnext3    1   1,1,1,1    32,64,96,128          1000  patch       \(siluTest)
    """

  private static func row(of columns: [String]) -> Variant {
    let numbers = { (column: String) in
      SourceTable.parts(of: column, by: ",").compactMap { Int($0) }
    }
    var architecture = Architecture(
      depths: numbers(columns[2]), widths: numbers(columns[3]), classes: Int(columns[4]))
    let stem = SourceTable.parts(of: columns[5], by: ":")
    let middle = stem.count > 1 ? Int(stem[1]) ?? 0 : 0
    architecture.stem =
      switch stem[0] {
      case "overlap": .overlap(middleChannels: middle, hasActivation: false)
      case "overact": .overlap(middleChannels: middle, hasActivation: true)
      case "bare": .bare(kernelSize: 16)
      default: .patch(kernelSize: 4)
      }
    architecture.block.hasGlobalResponseNorm = columns[1] == "2"
    architecture.block.hasLayerScale = columns[1] == "1" && stem[0] != "bare"
    for column in columns.dropFirst(6) {
      let option = SourceTable.parts(of: column, by: ":")
      switch option[0] {
      case "pre_logits": architecture.head.hiddenFeatures = option.last.flatMap { Int($0) }
      case "conv_mlp": architecture.block.hasPointwiseConvolutions = true
      case "rms_norm": architecture.norm = .rootMeanSquare
      case "simple_norm": architecture.norm = .simple
      case "says": architecture.applySettings(Array(option.dropFirst()))
      case "kernels":
        for (stage, kernelSize) in numbers(option[1]).enumerated() {
          architecture.stages[stage].kernelSize = kernelSize
        }
      case "norm_first": architecture.head.norm = .beforePooling
      default: preconditionFailure("unknown option in the table of variants")
      }
    }
    return Variant(name: columns[0], architecture: architecture)
  }
}
