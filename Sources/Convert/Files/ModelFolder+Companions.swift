import ByteIO
import TensorModel

/// What a folder has beside the weights that changes what transformers makes of them.
extension ModelFolder {
  /// peft's adapter, which transformers applies when it loads the folder, if peft is installed; in
  /// a sentence, `nil` if there is none.
  var adapterNote: String? {
    let name = "adapter_config.json"
    guard FileSystem.kind(of: "\(path)/\(name)") == .file else { return nil }
    return "the folder has an adapter (\(name)), which is not read; transformers applies it to the "
      + "weights if peft is installed"
  }

  /// The type into which transformers rounds the weights as it loads them, if it is not theirs; in
  /// a sentence, `nil` if they stay as they are.
  func roundingNote(of types: some Sequence<ElementType>) -> String? {
    guard let name = (config?["dtype"] ?? config?["torch_dtype"])?.stringValue,
      let type = Self.floatTypes[name], let wider = types.first(where: { $0.isWider(than: type) })
    else { return nil }
    return
      "config.json says dtype \(name), into which transformers rounds the weights when it loads "
      + "them; they are \(wider.name) here"
  }

  private static let floatTypes: [String: ElementType] = [
    "float16": .float16, "bfloat16": .bfloat16, "float32": .float32, "float64": .float64,
  ]
}

extension ElementType {
  /// Whether rounding to another floating-point type loses something.
  fileprivate func isWider(than other: ElementType) -> Bool {
    guard isFloatingPoint, let width = byteWidth, let otherWidth = other.byteWidth else {
      return false
    }
    return width > otherWidth
  }
}
