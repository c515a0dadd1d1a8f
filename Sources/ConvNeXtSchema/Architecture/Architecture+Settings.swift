import ByteIO

extension Architecture {
  /// The prefix of the feature of a model with an activation other than GELU.
  public static let activationPrefix = "activation_"
  /// The prefix of the feature of a model whose last stages are not reduced.
  public static let outputStridePrefix = "output_stride_"
  /// The prefix of the feature of a model whose norms have another epsilon.
  public static let epsilonPrefix = "norm_eps_"
  /// The prefixes of the other features that no names and shapes show.
  static let settingPrefixes = [epsilonPrefix, "norm_layer_", poolPrefix]
  static let poolPrefix = "global_pool_"
  /// The feature of a model whose classifier answers for each position.
  public static let unpooledFeature = "unpooled_head"

  /// Features that names and shapes show, in at least one naming.
  private static let toldFeatures: Set<String> = [
    "layer_scale", "grn", "isotropic", "overlap_stem", "overlap_stem_act", "conv_mlp", "rms_norm",
    "simple_norm", "head_norm_first", "repeated_norm", "output_norms", "pre_logits", "headless",
    unpooledFeature,
  ]

  /// Whether only a configuration can show a feature, and no names and shapes do, in any naming. An
  /// unknown feature counts: a later program may have written it, and it makes another model.
  static func isSetting(_ feature: String) -> Bool { !toldFeatures.contains(feature) }

  /// The features that this program does not know.
  public var unknownFeatures: [String] {
    let known = [Self.activationPrefix, Self.outputStridePrefix] + Self.settingPrefixes
    return settings.filter { feature in !known.contains(where: feature.hasPrefix) }
  }

  /// The features that only a configuration shows.
  public var settingFeatures: [String] {
    let untoldNorm = untoldNorm
    // The shape of a layer after the pool shows that there is no pool; without such a layer,
    // nothing does.
    let untoldPool = head.classes == nil && head.hiddenFeatures == nil ? Self.unpooledFeature : nil
    return features.filter { Self.isSetting($0) || $0 == untoldNorm || $0 == untoldPool }
  }

  /// Features that change what is computed, and that canonical names and shapes do not show.
  public var untoldFeatures: [String] {
    let untoldNorm = untoldNorm
    return features.filter {
      ["head_norm_first", "overlap_stem_act", Self.unpooledFeature].contains($0)
        || Self.isSetting($0) || $0 == untoldNorm
    }
  }

  /// The norms that tensors show. Norms without biases are those with which the size was published,
  /// and RMS norms in other sizes.
  private var toldNorm: Norm {
    norm == .layer ? .layer : Variant(of: self)?.architecture.norm ?? .rootMeanSquare
  }

  /// The feature of norms that tensors do not show.
  private var untoldNorm: String? { norm == toldNorm ? nil : norm.feature }

  /// Sets which norms without biases the model has, from what a file says or from its size.
  mutating func applyNorm(_ features: [String]) {
    guard norm != .layer else { return }
    norm =
      Norm.allCases.first { norm in norm.feature.map { features.contains($0) } ?? false }
      ?? toldNorm
  }

  /// What a size's own code says about the computation, if nothing else is known.
  var publishedSettings: [String] {
    Variant(of: self)?.architecture.features.filter(Self.isSetting) ?? []
  }

  /// The epsilon of every norm, if a feature states it.
  public var statedEpsilon: Double? {
    settings.lazy.filter { $0.hasPrefix(Self.epsilonPrefix) }
      .compactMap { Double($0.dropFirst(Self.epsilonPrefix.count)) }
      .first { $0.isFinite && $0 >= 0 }
  }

  /// The epsilon that timm's code has for the norms of such a model: what a feature states, else
  /// that of the size.
  public var publishedEpsilon: Double { statedEpsilon ?? sizeEpsilon }

  /// The epsilon of the norms of almost all published models.
  public static let usualEpsilon = 1e-6

  /// 1e-5 for the depths and widths of `convnext_xxlarge`, whatever the head and stem, else 1e-6
  /// (`timm/models/convnext.py`).
  private var sizeEpsilon: Double {
    Variant.all.contains { $0.name == "xxlarge" && $0.hasStages(of: self) }
      ? 1e-5 : Self.usualEpsilon
  }

  /// timm's `global_pool`, if a configuration says something other than the mean.
  var globalPool: String? {
    settings.first { $0.hasPrefix(Self.poolPrefix) }.map {
      String($0.dropFirst(Self.poolPrefix.count))
    }
  }

  /// Features that only describe how a publisher stores the model: they change no result, and any
  /// publisher's code builds it without them.
  static let storageFeatures: Set<String> = ["conv_mlp", "repeated_norm"]

  private static let settingByteCount = 64
  /// How many settings are kept; a publisher's code has a few options of the kind.
  private static let settingCount = 16

  /// Applies what a configuration says and no names and shapes show.
  mutating func applySettings(_ features: [String]) {
    for feature in features where Self.isSetting(feature) {
      let word = Self.word(feature)
      if word.hasPrefix(Self.activationPrefix) {
        block.activation = String(word.dropFirst(Self.activationPrefix.count))
      } else if word.hasPrefix(Self.outputStridePrefix) {
        applyOutputStride(Int(word.dropFirst(Self.outputStridePrefix.count)) ?? 0)
      } else if settings.count < Self.settingCount, !settings.contains(word) {
        settings.append(word)
      }
    }
  }

  /// Removes an epsilon that the size implies.
  mutating func dropUsualEpsilon() {
    guard statedEpsilon == sizeEpsilon else { return }
    settings.removeAll { $0.hasPrefix(Self.epsilonPrefix) }
  }

  /// A feature as a word. It comes from a file, so everything other than a letter, digit, dash, dot
  /// or underscore becomes an underscore.
  package static func word(_ feature: String) -> String {
    let bytes = feature.utf8.prefix(settingByteCount).map { byte in
      byte.isASCIIWord || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        ? byte : UInt8(ascii: "_")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
