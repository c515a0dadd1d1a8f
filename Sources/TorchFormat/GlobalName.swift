import ByteIO

/// The name of a Python function or class: its module, and its name within the module.
///
/// The two stay a pair, because joined text could be split in other ways. Both are compared by their
/// UTF-8 bytes.
public struct GlobalName: Hashable, Sendable {
  private let moduleText: ByteText
  private let nameText: ByteText

  /// The module: `torch.nn.modules.conv`.
  public var module: String { moduleText.string }
  /// The name within the module: `Conv2d`.
  public var name: String { nameText.string }
  /// Module and name with a dot between them, for display; never compared.
  public var qualifiedName: String { "\(module).\(name)" }

  /// A pair of any texts; nothing is looked up.
  public init(module: String, name: String) {
    self.init(ByteText(module), ByteText(name))
  }

  init(_ module: ByteText, _ name: ByteText) {
    moduleText = module
    nameText = name
  }

  /// The same global under its module's current name, and with texts that `keep` returns for them.
  func current(_ keep: (ByteText) -> ByteText) -> GlobalName {
    let module = GlobalTables.renamedModules.first { self.module.hasBytes(of: $0.key) }?.value
    return GlobalName(keep(module.map(ByteText.init) ?? moduleText), keep(nameText))
  }
}

extension GlobalName {
  /// Whether it is an identifier in a module. A dotted name leads through attributes to anything
  /// that the module has imported.
  var isPlain: Bool { name.isPythonIdentifier && module.isPythonPath }

  /// Whether both parts are identifiers with dots between them.
  var isDotted: Bool { module.isPythonPath && name.isPythonPath }

  /// Whether the pickle computes a part of it.
  var isComputed: Bool { [moduleText, nameText].contains(Self.computed) }

  /// Whether Python could find something under it: a dotted name leads through attributes, and a
  /// computed one to whatever it turns out to be.
  var canBeFound: Bool { isDotted || isComputed }

  /// Whether Python would look it up: modules are files, of any name, and objects may look names up
  /// in their own way.
  var mayBeLookedUp: Bool {
    isComputed || module.isPythonPath || module.mayBeLookedUp && name.mayBeLookedUp
  }

  /// Takes the place of a module or name that the pickle computes; it is not a name itself.
  static let computed = ByteText("<computed>")

  /// Whether it is the function by which pickles refer to methods.
  var looksUpMethods: Bool { self == Self.getattr }

  /// Whether it describes tensors of which each process holds a part. torch reads them with
  /// `weights_only` (`torch/distributed/tensor/__init__.py`).
  var isOfDistributedTensors: Bool { GlobalTables.distributedTensorModules.contains(module) }

  private static let getattr = GlobalName(module: "builtins", name: "getattr")
}

extension String {
  /// Whether the text is identifiers with dots between them.
  var isPythonPath: Bool {
    utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy(isIdentifier)
  }

  fileprivate var isPythonIdentifier: Bool { isIdentifier(utf8) }

  /// Whether Python would look the text up as a part of a name. Text with quotation marks is the
  /// JSON of a header, up to its end.
  var mayBeLookedUp: Bool { !isEmpty && !utf8.contains(UInt8(ascii: "\"")) }
}

/// Whether a text is an identifier of ASCII letters, digits and underscores. Python allows more;
/// nothing that saves tensors uses it.
private func isIdentifier(_ text: some Collection<UInt8>) -> Bool {
  guard let first = text.first, !first.isASCIIDigit else { return false }
  return text.allSatisfy(\.isASCIIWord)
}
