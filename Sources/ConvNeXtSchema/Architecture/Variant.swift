import ByteIO

/// A published size of ConvNeXt.
public struct Variant: Hashable, Sendable {
  /// The name within its version: `tiny`, `atto_ols`, `isotropic_small`.
  public let name: String
  /// The description, with the number of classes it was published with.
  public let architecture: Architecture

  /// The full name: `convnext_tiny`, `convnextv2_tiny`; timm's test models have only one name.
  public var fullName: String {
    name.hasPrefix("test_")
      ? name : (architecture.version == 2 ? "convnextv2_" : "convnext_") + name
  }

  /// The published size that a model has, whatever its head; `nil` for other sizes. Of two that
  /// differ only in their heads, it is the one with the model's head.
  public init?(of architecture: Architecture) {
    let sizes = Self.all.filter { $0.isSize(of: architecture) }
    guard
      let variant =
        sizes.first(where: {
          $0.architecture.head.hiddenFeatures == architecture.head.hiddenFeatures
        }) ?? sizes.first
    else { return nil }
    self = variant
  }

  /// Whether a model has this size, whatever its head.
  public func isSize(of other: Architecture) -> Bool {
    architecture.depths == other.depths
      && Self.withoutHead(architecture) == Self.withoutHead(other)
  }

  /// Whether a model has the same number of blocks and of channels in each stage.
  public func hasStages(of other: Architecture) -> Bool {
    architecture.depths == other.depths && architecture.widths == other.widths
  }

  init(name: String, architecture: Architecture) {
    self.name = name
    self.architecture = architecture
  }

  /// What makes up a size: neither a head of another kind nor the way that a publisher stores
  /// pointwise convolutions makes a different one.
  private static func withoutHead(_ architecture: Architecture) -> Architecture {
    var key = architecture
    if key.head.norm != .beforePooling { key.head.norm = .afterPooling }
    key.head.outputNormStages = []
    key.head.hiddenFeatures = nil
    key.head.classes = nil
    key.block.hasPointwiseConvolutions = false
    key.block.activation = Architecture.Block.usualActivation
    // Tensors do not distinguish the two kinds of norms without biases.
    if key.norm != .layer { key.norm = .rootMeanSquare }
    key.outputStride = nil
    key.settings = []
    key.head.isNormRepeated = false
    key.head.isPooled = true
    // Isotropic models were published with and without layer scale under one name.
    if key.isIsotropic { key.block.hasLayerScale = false }
    key.inputChannels = 3
    return key
  }

  /// The size that a configuration's name means: `tiny`, `tiny-224`, `convnext_tiny`,
  /// `v2-huge-512`, `convnextv2_atto`, `isotropic_small`, `test_convnext`; and the image size, if
  /// the name has one.
  ///
  /// Throws `SchemaError.unknownConfiguration` for a name that no size has.
  public static func configuration(
    named text: String
  ) throws(SchemaError) -> (variant: Variant, imageSize: Int?) {
    var name = text.lowercased().replacing("-", with: "_")
    var imageSize: Int?
    if let dash = name.lastIndex(of: "_"), let size = Int(name[name.index(after: dash)...]),
      (1...Architecture.largestImageSize).contains(size), name.hasSuffix("_\(size)")
    {
      imageSize = size
      name = String(name[..<dash])
    }
    for (spelling, prefix) in spellings where name.hasPrefix(spelling) {
      let full = prefix + name.dropFirst(spelling.count)
      if let variant = all.first(where: { $0.fullName == full }) { return (variant, imageSize) }
    }
    // As Hugging Face and timm name a model's weights: `facebook/convnext-tiny-224`,
    // `convnext_tiny.fb_in1k`.
    let plain = String(text.split(separator: "/").last?.split(separator: ".").first ?? "")
    if !plain.isEmpty, plain != text, (try? configuration(named: plain)) != nil {
      throw .unknownConfiguration(text, nearest: plain)
    }
    let names = all.map { ($0.architecture.version == 2 ? "v2_" : "") + $0.name }
    // A size that only version 2 has.
    let ofOtherVersion = names.first { $0 == "v2_\(name)" }
    throw .unknownConfiguration(
      text, nearest: ofOtherVersion ?? nearestName(to: name, in: all.map(\.fullName) + names))
  }

  /// How names may begin, and what that means.
  private static let spellings = [
    ("convnextv2_", "convnextv2_"), ("convnext_v2_", "convnextv2_"), ("v2_", "convnextv2_"),
    ("convnext_iso_", "convnext_isotropic_"), ("convnext_v1_", "convnext_"),
    ("convnext_", "convnext_"), ("v1_", "convnext_"), ("iso_", "convnext_isotropic_"),
    ("test_", "test_"), ("", "convnext_"),
  ]
}
