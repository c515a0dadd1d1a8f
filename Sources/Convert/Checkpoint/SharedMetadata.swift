import SafetensorsFormat
import TensorModel

/// The texts of several safetensors files that belong together.
///
/// Each has a `format` of its own, and may have more. A key that two files give different values
/// has none that could be said of all.
struct SharedMetadata {
  /// The entries that no two files give differently, in the order in which they come first.
  let entries: [SafetensorsMetadataEntry]
  /// The other keys, in that order too.
  let disputedKeys: [String]

  /// Brings together what each file has.
  init(of files: [[SafetensorsMetadataEntry]]) {
    var known: [SafetensorsMetadataEntry] = []
    var indices: [TensorName: Int] = [:]
    var disputed: Set<Int> = []
    for entry in files.joined() {
      if let index = indices[TensorName(entry.key)] {
        if known[index] != entry { disputed.insert(index) }
      } else {
        indices[TensorName(entry.key)] = known.count
        known.append(entry)
      }
    }
    entries = known.indices.filter { !disputed.contains($0) }.map { known[$0] }
    disputedKeys = disputed.sorted().map { known[$0].key }
  }
}
