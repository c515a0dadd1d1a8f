import NativeFormat
import TensorModel

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The network of a `.convnext` file, computed as `docs/forward-pass.md` says and from nothing but
/// the file: naive loops in binary64, to be read beside the document.
struct ForwardPass {
  private let file: NativeFile
  private let model: ModelDescription

  init(_ file: NativeFile) {
    self.file = file
    model = file.header.model
  }

  /// What the model gives for an image: logits, or what is pooled where it has no classifier, or of
  /// the norms of its stages' outputs each map.
  func outputs(of image: FeatureMap) throws -> [FeatureMap] {
    var x = try stem(image)
    var outputs: [FeatureMap] = []
    var (stride, dilation) = (has("stem.conv1") ? 4 : kernelSize("stem.conv"), 1)
    for stage in model.depths.indices {
      if stage > 0 {
        let isHalving = stride < outputStride
        if isHalving { stride *= 2 } else { dilation *= 2 }
        x = try downsample(x, stage, isHalving: isHalving, dilation: dilation <= 2 ? 1 : 2)
      }
      for block in 0..<model.depths[stage] {
        x = try x + branch(x, "stages.\(stage).blocks.\(block)", dilation: dilation)
      }
      let name = "stages.\(stage).output_norm"
      if has(name) { outputs.append(try norm(x, name, epsilon: model.normEpsilon)) }
    }
    return outputs.isEmpty || has("head.classifier") ? [try head(x)] : outputs
  }

  private func stem(_ image: FeatureMap) throws -> FeatureMap {
    var x: FeatureMap
    if has("stem.conv1") {
      x = try convolution(image, "stem.conv1", stride: 2, padding: (1, 1))
      if model.features.contains("overlap_stem_act") { x = x.map(activation) }
      x = try convolution(x, "stem.conv2", stride: 2, padding: (1, 1))
    } else {
      x = try convolution(image, "stem.conv", stride: kernelSize("stem.conv"))
    }
    return has("stem.norm") ? try norm(x, "stem.norm", epsilon: model.normEpsilon) : x
  }

  private func downsample(
    _ x: FeatureMap, _ stage: Int, isHalving: Bool, dilation: Int
  ) throws -> FeatureMap {
    let name = "stages.\(stage).downsample"
    let normed = try norm(x, "\(name).norm", epsilon: model.normEpsilon)
    let kernel = kernelSize("\(name).conv")
    guard !isHalving else { return try convolution(normed, "\(name).conv", stride: kernel) }
    let zeros = dilation * (kernel - 1)
    return try convolution(
      normed, "\(name).conv", padding: (zeros / 2, zeros - zeros / 2), dilation: dilation)
  }

  private func branch(_ x: FeatureMap, _ name: String, dilation: Int) throws -> FeatureMap {
    let zeros = dilation * (kernelSize("\(name).depthwise") / 2)
    var y = try convolution(
      x, "\(name).depthwise", padding: (zeros, zeros), dilation: dilation, isDepthwise: true)
    y = try norm(y, "\(name).norm", epsilon: model.normEpsilon)
    y = try linear(y, "\(name).expand").map(activation)
    if has("\(name).grn") { y = try globalResponseNorm(y, "\(name).grn") }
    y = try linear(y, "\(name).project")
    guard has("\(name).layer_scale", leaf: nil) else { return y }
    let scale = try elements("\(name).layer_scale")
    return y.mapPositions { zip($0, scale).map(*) }
  }

  private func head(_ x: FeatureMap) throws -> FeatureMap {
    let finalNorm = { (x: FeatureMap) in
      has("head.norm") ? try norm(x, "head.norm", epsilon: model.finalNormEpsilon) : x
    }
    let isNormFirst = model.features.contains("head_norm_first")
    var y = try isNormFirst ? pooled(finalNorm(x)) : finalNorm(pooled(x))
    if has("head.pre_logits") { y = try linear(y, "head.pre_logits").map(Self.gelu) }
    return has("head.classifier") ? try linear(y, "head.classifier") : y
  }

  private func pooled(_ x: FeatureMap) -> FeatureMap {
    if model.features.contains("unpooled_head") { return x }
    let pool = setting("global_pool_") ?? "avg"
    return FeatureMap(x.channels, 1, 1) { channel, _, _ in
      let values = x.channel(channel)
      let (mean, maximum) = (values.reduce(0, +) / Double(values.count), values.max() ?? 0)
      return switch pool.hasPrefix("fast") ? String(pool.dropFirst(4)) : pool {
      case "max": maximum
      case "avgmax": (mean + maximum) / 2
      default: mean
      }
    }
  }

  // MARK: Modules

  private func convolution(
    _ x: FeatureMap, _ name: String, stride: Int = 1, padding: (before: Int, after: Int) = (0, 0),
    dilation: Int = 1, isDepthwise: Bool = false
  ) throws -> FeatureMap {
    let (weight, bias) = (try elements("\(name).weight"), try elements("\(name).bias"))
    let kernel = kernelSize(name)
    let inputs = isDepthwise ? 1 : x.channels
    let side = { (length: Int) in
      (length + padding.before + padding.after - dilation * (kernel - 1) - 1) / stride + 1
    }
    return FeatureMap(bias.count, side(x.height), side(x.width)) { output, row, column in
      var sum = bias[output]
      for input in 0..<inputs {
        for i in 0..<kernel {
          for j in 0..<kernel {
            sum +=
              weight[((output * inputs + input) * kernel + i) * kernel + j]
              * x[
                isDepthwise ? output : input, row * stride + i * dilation - padding.before,
                column * stride + j * dilation - padding.before]
          }
        }
      }
      return sum
    }
  }

  private func linear(_ x: FeatureMap, _ name: String) throws -> FeatureMap {
    let (weight, bias) = (try elements("\(name).weight"), try elements("\(name).bias"))
    return x.mapPositions { column in
      bias.indices.map { output in
        column.indices.reduce(bias[output]) {
          $0 + weight[output * column.count + $1] * column[$1]
        }
      }
    }
  }

  /// Over the channels of each position.
  private func norm(_ x: FeatureMap, _ name: String, epsilon: Double) throws -> FeatureMap {
    let weight = try elements("\(name).weight")
    let bias = has(name, leaf: "bias") ? try elements("\(name).bias") : weight.map { _ in 0 }
    let features = model.features
    return x.mapPositions { column in
      let count = Double(column.count)
      let mean = column.reduce(0, +) / count
      let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let (subtracted, size) =
        if features.contains("simple_norm") {
          (0.0, squares / (count - 1))
        } else if features.contains("rms_norm") {
          (0.0, column.reduce(0) { $0 + $1 * $1 } / count)
        } else {
          (mean, squares / count)
        }
      return column.indices.map {
        (column[$0] - subtracted) / (size + epsilon).squareRoot() * weight[$0] + bias[$0]
      }
    }
  }

  private func globalResponseNorm(_ x: FeatureMap, _ name: String) throws -> FeatureMap {
    let (weight, bias) = (try elements("\(name).weight"), try elements("\(name).bias"))
    let lengths = (0..<x.channels).map { channel in
      x.channel(channel).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let mean = lengths.reduce(0, +) / Double(lengths.count)
    return x.mapPositions { column in
      column.indices.map {
        column[$0] + weight[$0] * column[$0] * lengths[$0] / (mean + 1e-6) + bias[$0]
      }
    }
  }

  // MARK: Activations

  private func activation(_ x: Double) -> Double {
    switch setting("activation_") {
    case nil: Self.gelu(x)
    case "gelu_pytorch_tanh":
      x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case "quick_gelu": x / (1 + exp(-1.702 * x))
    case "silu": x / (1 + exp(-x))
    case "relu": max(0, x)
    default: .nan
    }
  }

  private static func gelu(_ x: Double) -> Double { x / 2 * (1 + erf(x / 2.0.squareRoot())) }

  // MARK: The file

  /// What stands behind the beginning of a feature.
  private func setting(_ prefix: String) -> String? {
    model.features.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  private var outputStride: Int { setting("output_stride_").flatMap { Int($0) } ?? .max }

  private func has(_ module: String, leaf: String? = "weight") -> Bool {
    let name = leaf.map { "\(module).\($0)" } ?? module
    return file.header.tensors.contains { $0.info.name.string == name }
  }

  /// Height and width of a convolution's kernel.
  private func kernelSize(_ module: String) -> Int {
    file.header.tensors.first { $0.info.name.string == "\(module).weight" }?.info.shape.last ?? 0
  }

  private func elements(_ name: String) throws -> [Double] {
    try file.withFloats(of: TensorName(name)) { span in span.indices.map { Double(span[$0]) } }
  }
}
