import ConvNeXtSchema
import SafetensorsFormat

/// What this program writes into the metadata of a safetensors file: what its names do not show.
struct OwnMetadata {
  /// What the model has that canonical names do not show, as in `Architecture.features`.
  var features: [String]?
  /// Whose names the weights had before they got canonical ones.
  var origin: String?

  static let featuresKey = "convnext.features"
  static let originKey = "convnext.naming"
  static let quantizationKey = "convnext.quantization"

  /// The keys that are not carried over from one file to another: those with a meaning here, and the
  /// one that all tools write.
  static let keys = ["format", featuresKey, originKey, quantizationKey]

  /// How many features of a file are looked at; no model has so many.
  static let featureLimit = 256

  /// What is written for a model under canonical names.
  init(features: [String], origin: Naming) {
    self.features = features
    self.origin = origin == .canonical ? nil : origin.rawValue
  }

  /// What a file's metadata says.
  init(_ entries: [SafetensorsMetadataEntry]) {
    func value(_ key: String) -> String? { entries.first { $0.key == key }?.value }
    features = value(Self.featuresKey).map { text in
      text.split(separator: ",", maxSplits: Self.featureLimit).prefix(Self.featureLimit)
        .map(String.init)
    }
    origin = value(Self.originKey)
  }

  /// The entries of the metadata.
  var entries: [SafetensorsMetadataEntry] {
    [
      features.map {
        SafetensorsMetadataEntry(key: Self.featuresKey, value: $0.joined(separator: ","))
      },
      origin.map { SafetensorsMetadataEntry(key: Self.originKey, value: $0) },
    ].compactMap(\.self)
  }
}
