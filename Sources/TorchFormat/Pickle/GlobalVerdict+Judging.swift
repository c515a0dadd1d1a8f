import ByteIO

extension GlobalVerdict {
  /// Judges a global by the tables.
  static func judge(_ global: GlobalName) -> (verdict: GlobalVerdict, GlobalMeaning) {
    let (module, name) = (global.module, global.name)
    guard global.isPlain else {
      return GlobalTables.isKnownMethod(global)
        ? (.inert, .reference) : (.dangerous, .inert(.any))
    }
    if let meaning = GlobalTables.data[module]?[name] { return (.data, meaning) }
    if let arguments = GlobalTables.inert[module]?[name] { return (.inert, .inert(arguments)) }
    if GlobalTables.compiledModules.contains(module) { return (.inert, .inert(.any)) }
    if let arguments = classArguments(global) { return (.inert, .inert(arguments)) }
    if global.looksUpMethods { return (.dangerous, .function(.method)) }
    let isDangerous =
      GlobalTables.dangerous[module]?.contains(name) ?? false
      || GlobalTables.dangerousModules.contains(module) && !global.isOfDistributedTensors
    return (isDangerous ? .dangerous : .unknown, .inert(.any))
  }

  /// What a class of a module with nothing but harmless classes is called with; `nil` if it is not
  /// such a class.
  private static func classArguments(_ global: GlobalName) -> InertArguments? {
    guard let first = global.name.utf8.first, first.isASCIICapital,
      !GlobalTables.importedNames.contains(global.name),
      !GlobalTables.unboundedClassModules.contains(global.module)
    else { return nil }
    return GlobalTables.inertClassModules.first { $0.modules.contains(global.module) }?.arguments
  }
}
