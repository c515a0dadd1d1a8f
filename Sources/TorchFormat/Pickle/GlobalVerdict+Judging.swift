extension GlobalVerdict {
  /// Judges a global by its module and name, as a pair: joined text could be split in other ways.
  static func judge(module: String, name: String) -> (verdict: GlobalVerdict, GlobalMeaning) {
    guard isPlainName(module: module, name: name) else {
      return GlobalTables.isKnownMethod(module: module, name: name)
        ? (.inert, .reference) : (.dangerous, .inert(.any))
    }
    if let meaning = GlobalTables.data[module]?[name] { return (.data, meaning) }
    if let arguments = GlobalTables.inert[module]?[name] { return (.inert, .inert(arguments)) }
    if GlobalTables.compiledModules.contains(module) { return (.inert, .inert(.any)) }
    if let arguments = classArguments(module: module, name: name) {
      return (.inert, .inert(arguments))
    }
    let isDangerous =
      GlobalTables.dangerous[module]?.contains(name) ?? false
      || GlobalTables.dangerousModules.contains(module) && !isOfDistributedTensors(module)
    if GlobalTables.looksUpMethods(module: module, name: name) {
      return (.dangerous, .function(.method))
    }
    return (isDangerous ? .dangerous : .unknown, .inert(.any))
  }

  /// What a class of a module with nothing but harmless classes is called with; `nil` if it is not
  /// such a class.
  private static func classArguments(module: String, name: String) -> InertArguments? {
    guard let first = name.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first),
      !GlobalTables.importedNames.contains(name),
      !GlobalTables.unboundedClassModules.contains(module)
    else { return nil }
    return GlobalTables.inertClassModules.first { $0.modules.contains(module) }?.arguments
  }

  /// Whether a name is an identifier, and its module identifiers with dots between them. A dotted
  /// name leads through attributes to anything that the module has imported.
  static func isPlainName(module: String, name: String) -> Bool {
    isIdentifier(name) && isPath(module)
  }

  /// Whether both are identifiers with dots between them.
  static func isDottedName(module: String, name: String) -> Bool { isPath(module) && isPath(name) }

  /// Whether a text is identifiers with dots between them.
  static func isPath(_ text: String) -> Bool {
    text.utf8.split(separator: dot, omittingEmptySubsequences: false)
      .allSatisfy { isIdentifier($0) }
  }

  /// Whether Python would look a text up: modules are files, of any name, and objects may look
  /// names up in their own way. Text with quotation marks is the JSON of a header, up to its end.
  static func mayBeLookedUp(_ text: String) -> Bool {
    !text.isEmpty && !text.utf8.contains(UInt8(ascii: "\""))
  }

  /// Whether a module describes tensors of which each process holds a part. torch reads them with
  /// `weights_only` (`torch/distributed/tensor/__init__.py`).
  static func isOfDistributedTensors(_ module: String) -> Bool {
    GlobalTables.distributedTensorModules.contains(module)
  }

  private static let dot = UInt8(ascii: ".")

  /// Whether a name is an identifier of ASCII letters, digits and underscores. Python allows more;
  /// nothing that saves tensors uses it.
  private static func isIdentifier(_ text: some Sequence<UInt8>) -> Bool {
    var isFirst = true
    for byte in text {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        break
      case UInt8(ascii: "0")...UInt8(ascii: "9") where !isFirst: break
      default: return false
      }
      isFirst = false
    }
    return !isFirst
  }

  private static func isIdentifier(_ text: String) -> Bool { isIdentifier(text.utf8) }
}
