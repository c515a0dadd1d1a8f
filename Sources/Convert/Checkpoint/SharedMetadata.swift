import ByteIO
import SafetensorsFormat

/// The texts of several safetensors files that belong together.
///
/// Each file has its own `format`, and may have more. A key to which two files give different
/// values has none that holds for all.
struct SharedMetadata {
  /// The entries that no two files give differently, in order of first appearance.
  let entries: [SafetensorsMetadataEntry]
  /// The other keys, in that order too.
  let disputedKeys: [String]

  /// Combines what each file has, each of its keys once.
  init(of files: [[SafetensorsMetadataEntry]]) {
    let files = files.filter { !$0.isEmpty }
    if files.count == 1 {
      entries = files[0]
      disputedKeys = []
      return
    }
    var known: [SafetensorsMetadataEntry] = []
    var indices: [ByteText: Int] = [:]
    var disputed: Set<Int> = []
    for entry in files.joined() {
      if let index = indices[ByteText(entry.key)] {
        if known[index] != entry { disputed.insert(index) }
      } else {
        indices[ByteText(entry.key)] = known.count
        known.append(entry)
      }
    }
    entries = known.indices.filter { !disputed.contains($0) }.map { known[$0] }
    disputedKeys = disputed.sorted().map { known[$0].key }
  }
}
