import ByteIO
import SafetensorsFormat
import TorchFormat

extension Checkpoint {
  /// The names of what the files hold besides tensors: an epoch, the arguments of a training run, a
  /// text of the metadata. What a format or this program itself puts there is left out.
  public var namesBesideTensors: [String] { metadataKeys + namesOfPlainValues }

  /// The keys of safetensors metadata, except for those with a defined meaning.
  var metadataKeys: [String] {
    (metadata.map(\.key) + disputedMetadataKeys).filter { !OwnMetadata.keys.contains($0) }
  }

  /// The keys that shards give differently, except for those with a defined meaning.
  var lostMetadataKeys: [String] {
    disputedMetadataKeys.filter { !OwnMetadata.keys.contains($0) }
  }

  /// The keys of a pickle's values without tensors, each once; several shards may have the same
  /// key.
  var namesOfPlainValues: [String] {
    var known: Set<ByteText> = []
    return torchFiles.flatMap { TorchValue.namesOfPlainValues(in: $0.root) }
      .filter { known.insert(ByteText($0)).inserted }
  }
}
