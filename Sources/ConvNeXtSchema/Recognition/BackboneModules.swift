import TensorModel

/// The modules of a file that hold a backbone's tensors. What else is in them changes what the
/// backbone computes, and is not a part of a larger network that can be left out.
struct BackboneModules {
  private let path: String
  /// The first components of the names of stem, stages and what belongs to them: `stem`, `stages`,
  /// `features`.
  private let roots: Set<[UInt8]>
  /// The modules that own the model's tensors: `stages.0.blocks.0.mlp.fc1`, `head.norm`.
  private let owners: Set<[UInt8]>

  /// - Parameters:
  ///   - matched: The model's tensors.
  ///   - inputs: All tensors of the file.
  ///   - path: What precedes the model's names.
  init(of matched: [MatchedTensor], in inputs: [SchemaInput], path: String) {
    self.path = path
    var roots: Set<[UInt8]> = []
    var owners: Set<[UInt8]> = []
    for tensor in matched {
      let components = Self.components(of: inputs[tensor.inputIndex].info.name, behind: path)
      owners.insert(components.owner)
      if !tensor.parameter.name.utf8.starts(with: "head.".utf8) { roots.insert(components.root) }
    }
    self.roots = roots
    self.owners = owners
  }

  /// Those names that are in stem, stages and what belongs to them, without the path.
  func ownNames(of names: [TensorName]) -> [TensorName] {
    names.filter { name in
      name.utf8.starts(with: path.utf8)
        && roots.contains(Self.components(of: name, behind: path).root)
    }.map { TensorName(String(Substring($0.utf8.dropFirst(path.utf8.count)))) }
  }

  /// Whether a tensor is in one of the modules.
  func contains(_ name: TensorName) -> Bool {
    guard name.utf8.starts(with: path.utf8) else { return false }
    let components = Self.components(of: name, behind: path)
    return roots.contains(components.root) || owners.contains(components.owner)
  }

  private static func components(
    of name: TensorName, behind path: String
  ) -> (root: [UInt8], owner: [UInt8]) {
    let bytes = Array(name.utf8.dropFirst(path.utf8.count))
    let dot = UInt8(ascii: ".")
    // A tensor outside any module is its own root.
    let owner = bytes.lastIndex(of: dot).map { Array(bytes[..<$0]) } ?? bytes
    return (Array(bytes.prefix { $0 != dot }), owner)
  }
}
