/// A place in a pickle that asks for a global: a function or class by its module and name.
public struct GlobalUse: Equatable, Sendable {
  /// The module, under its current name where protocol 2 used an older one.
  public let module: String
  /// The name within the module.
  public let name: String
  /// The zip record that holds the pickle, or `nil` where the file itself does.
  public let record: String?
  /// The opcode that asks, from the start of the record or the file.
  public let byteOffset: Int
  /// How it is judged.
  public let verdict: GlobalVerdict

  /// Module and name with a dot between them, for display; never compared.
  public var qualifiedName: String { "\(module).\(name)" }

  /// Why the verdict is what it is, in words.
  public var reason: String {
    switch verdict {
    case .data: "what tensors and plain values are made of"
    case .inert: looksUpMethods ? "only refers to known methods" : "known and harmless"
    case .unknown: "not known to be harmless"
    case .dangerous:
      hasPlainName
        ? "could run code, touch files or reach the network"
        : isComputed ? "a name that is made when the pickle is run" : "not a plain name"
    }
  }
}

extension GlobalUse {
  /// Whether it is an identifier in a module.
  var hasPlainName: Bool { GlobalVerdict.isPlainName(module: module, name: name) }

  /// Whether Python could find something under the name: a dotted one leads through attributes, and
  /// a computed one to whatever it turns out to be.
  var canBeFound: Bool {
    GlobalVerdict.isDottedName(module: module, name: name) || isComputed
  }

  /// Whether looking it up may run code, as for anything that is not known to be harmless:
  /// importing a module runs it.
  var mayRun: Bool {
    switch verdict {
    case .data, .inert: false
    case .unknown, .dangerous:
      isComputed || GlobalVerdict.isPath(module)
        || GlobalVerdict.mayBeLookedUp(module) && GlobalVerdict.mayBeLookedUp(name)
    }
  }

  /// Whether it is in a module that is known to be dangerous, whatever its name.
  var isOfDangerousModule: Bool {
    verdict == .dangerous && GlobalTables.dangerousModules.contains(module)
  }

  private var isComputed: Bool { [module, name].contains(Self.computedName) }

  /// Takes the place of a module or name that the pickle computes; it is not a name itself.
  static let computedName = "<computed>"

  /// Whether it is the function by which pickles refer to methods.
  var looksUpMethods: Bool { GlobalTables.looksUpMethods(module: module, name: name) }

  /// The same place with another verdict.
  func judged(_ verdict: GlobalVerdict) -> GlobalUse {
    GlobalUse(
      module: module, name: name, record: record, byteOffset: byteOffset, verdict: verdict)
  }
}
