import SafetensorsFormat
import TensorModel
import TorchFormat

extension Checkpoint {
  /// The names of what the files hold beside tensors: an epoch, the arguments of a training, a text
  /// of the metadata. What a format or this program itself puts there is left out.
  public var namesBesideTensors: [String] { metadataKeys + namesOfPlainValues }

  /// The keys of safetensors' metadata but for those with a meaning of their own.
  var metadataKeys: [String] {
    (metadata.map(\.key) + disputedMetadataKeys).filter { !Self.ownMetadataKeys.contains($0) }
  }

  /// The keys that shards give differently, but for those with a meaning of their own.
  var lostMetadataKeys: [String] {
    disputedMetadataKeys.filter { !Self.ownMetadataKeys.contains($0) }
  }

  /// The keys of a pickle's values without tensors; each shard may have its own of a name.
  var namesOfPlainValues: [String] {
    var known: Set<TensorName> = []
    return torchFiles.flatMap { TorchValue.namesOfPlainValues(in: $1.root) }
      .filter { known.insert(TensorName($0)).inserted }
  }

  /// What each safetensors file has, which tools write anew, and what is written here.
  static let ownMetadataKeys = ["format", featuresKey, originKey, QuantizationMetadata.key]
}
