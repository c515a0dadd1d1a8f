import ByteIO

extension PickleMachine {
  /// `getattr(class, name)`, by which protocols before 4 refer to a method, as a global of its own.
  ///
  /// - Throws: The error that `getattr` is refused, if the method is not a known one.
  mutating func method(
    of arguments: [PickleValue], lookedUpBy function: PickleGlobal
  ) throws(TorchError) -> PickleValue {
    guard arguments.count == 2, case .global(let owner) = arguments[0],
      case .text(let name) = arguments[1],
      let methods = GlobalTables.methods[owner.globalName.module]?[owner.globalName.name],
      let known = methods.first(where: { $0.hasBytes(of: name) })
    else {
      guard policy == .observing else { throw refusal(of: uses.globals[function.useIndex]) }
      return .object(arena.keep(PickleObject(function, arguments: arguments)))
    }
    lookups.known += 1
    let method = GlobalUse(
      globalName: GlobalName(
        module: owner.globalName.module, name: "\(owner.globalName.name).\(known)"),
      record: uses.record, byteOffset: opcodeOffset, verdict: .inert)
    return .global(
      arena.keep(PickleGlobal(method, index: function.useIndex, meaning: .reference)))
  }

  /// At the end of the pickle, judges the look-ups as harmless, or throws that one is refused.
  mutating func settleLookups() throws(TorchError) {
    if let openLookupRefusal { throw openLookupRefusal }
    if lookups.pushed > 0, lookups.pushed == lookups.known { uses.settleLookups() }
  }

  /// The error that a look-up is refused: `getattr` is harmless if it is on the stack only to be
  /// called for known methods, and nothing keeps it.
  ///
  /// Also `nil` where everything is only listed.
  var openLookupRefusal: TorchError? {
    guard policy != .observing, lookups.pushed != lookups.known else { return nil }
    return uses.globals.first(where: \.globalName.looksUpMethods).map(refusal(of:))
  }

  private func refusal(of use: GlobalUse) -> TorchError {
    reader.error(.globalRefused(use), at: use.byteOffset)
  }
}

/// How often a pickle had the function that looks up methods on the stack, and how often it called
/// it for a known one.
struct MethodLookups {
  var pushed = 0
  var known = 0
}
