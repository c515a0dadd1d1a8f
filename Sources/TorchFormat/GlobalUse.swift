/// A place in a pickle that asks for a global: a function or class by its module and name.
public struct GlobalUse: Hashable, Sendable {
  /// The global, under its module's current name where protocol 2 used an older one.
  public let globalName: GlobalName
  /// The zip record that holds the pickle, or `nil` where the file itself does.
  public let record: String?
  /// The opcode that asks, from the start of the record or the file.
  public let byteOffset: Int
  /// How it is judged.
  public let verdict: GlobalVerdict

  /// Module and name with a dot between them, for display; never compared.
  public var qualifiedName: String { globalName.qualifiedName }

  /// Why the verdict is what it is, in words.
  public var reason: String {
    switch verdict {
    case .data: "what tensors and plain values are made of"
    case .inert:
      globalName.looksUpMethods ? "only refers to known methods" : "known and harmless"
    case .unknown: "not known to be harmless"
    case .dangerous:
      globalName.isPlain
        ? "could run code, touch files or reach the network"
        : globalName.isComputed ? "a name that is made when the pickle is run" : "not a plain name"
    }
  }
}

extension GlobalUse {
  /// Whether looking it up may run code, as for anything that is not known to be harmless:
  /// importing a module runs it.
  var mayRun: Bool { !verdict.isHarmless && globalName.mayBeLookedUp }

  /// Whether it is in a module that is known to be dangerous, whatever its name.
  var isOfDangerousModule: Bool {
    verdict == .dangerous && GlobalTables.dangerousModules.contains(globalName.module)
  }

  /// The same place with another verdict.
  func judged(_ verdict: GlobalVerdict) -> GlobalUse {
    GlobalUse(globalName: globalName, record: record, byteOffset: byteOffset, verdict: verdict)
  }
}
