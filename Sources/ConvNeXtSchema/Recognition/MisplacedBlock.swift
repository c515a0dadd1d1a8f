import ByteIO
public import TensorModel

/// A block of a ConvNeXt with a publisher's names, at a place where that publisher has no blocks.
///
/// Such files hold models that were reassembled: by `torch.nn.Sequential` of a model's
/// `children()`, or with stages called `layer1` to `layer4`.
public struct MisplacedBlock: Equatable, Sendable {
  /// The name of the depthwise convolution's weight.
  public let name: TensorName
  /// Whose names the block has.
  public let naming: Naming
  /// How the publisher names such a weight: `stages.{i}.blocks.{j}.conv_dw.weight`.
  public let pattern: String

  /// Both names, in words.
  public var sentence: String {
    "\(quoted(name.string)) is like \(naming.rawValue)'s \(quoted(pattern)) at another place"
  }
}

extension MisplacedBlock {
  /// What a block has in every model, by canonical names. One of them alone, such as
  /// `conv_dw.weight`, is in other networks too.
  private static let parts = ["depthwise", "norm", "expand", "project"]

  /// The first one in a file, if there is one. Linear in the number of tensors.
  init?(in inputs: [SchemaInput]) {
    let kernels = inputs.lazy.map(\.info).filter { CandidateSearch.isDepthwise($0.shape) }
    guard !kernels.isEmpty else { return nil }
    let names = Set(inputs.lazy.map(\.info.name))
    let blocks = NameTable.all.map { table in
      let patterns = Self.patterns(table)
      return (naming: table.naming, pattern: patterns[0], ends: patterns.map(Self.end(of:)))
    }
    for kernel in kernels {
      for block in blocks {
        guard let path = Self.path(of: kernel.name, before: block.ends[0]),
          block.ends.allSatisfy({ names.contains(TensorName(path + $0)) })
        else { continue }
        self.init(name: kernel.name, naming: block.naming, pattern: block.pattern)
        return
      }
    }
    return nil
  }

  /// The publisher's names of a block's weights, in the order of `parts`.
  private static func patterns(_ table: NameTable) -> [String] {
    parts.compactMap { part in
      table.rows.first { $0.canonical.text == "stages.{i}.blocks.{j}.\(part).weight" }?.theirs.text
    }
  }

  /// What follows the number of the block in a pattern.
  private static func end(of pattern: String) -> String {
    pattern.lastIndex(of: "}").map { String(pattern[$0...].dropFirst(2)) } ?? pattern
  }

  /// What precedes a name's last components, with the dot; `nil` if it has other last components.
  private static func path(of name: TensorName, before end: String) -> String? {
    guard name.utf8.suffix(end.utf8.count).elementsEqual(end.utf8) else { return nil }
    let path = name.utf8.dropLast(end.utf8.count)
    return path.isEmpty || path.last == UInt8(ascii: ".") ? String(Substring(path)) : nil
  }
}
