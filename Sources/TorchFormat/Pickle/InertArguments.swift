import ByteIO

/// What the arguments of an inert class or function must be.
///
/// Nothing is called here, but Python calls all of them when it loads the file: what passes must
/// not open files, call what another argument names, or make very much out of little.
enum InertArguments: Equatable {
  /// Anything: for a class that is not known, or that TorchScript has compiled.
  case any
  /// The class or function is referred to, and never called.
  case reference
  /// None, as for an object whose state follows: making it in any other way might accept any
  /// numbers.
  case nothing
  /// The first one is a class or function, but not one that makes tensors.
  case global
  /// A class, and what `copyreg` makes its object from.
  case reconstruction
  /// None, or bytes or a text, which codecs other than Latin-1 can expand; no sizes.
  case contents
  /// Numbers, texts, bytes and the like; no values from which a text or a number could be made.
  case plain
  /// The same, and objects that are made from them: a time zone, a device.
  case plainObjects
  /// Plain values, and containers; no ranges, which would be expanded.
  case values
  /// Whole numbers, or a text of them; a power of ten would be expanded.
  case ratio
  /// None, or a dictionary, whose entries the object takes.
  case entries
  /// None, or what makes values for missing keys, which loading does not ask for: a class or
  /// function, one with arguments (`functools.partial`), or None. The entries follow.
  case factory
  /// A class of arrays, and a size of zero elements: the state has the real one.
  case emptyArray
  /// Values, and classes and functions of `numpy.random`.
  case generator
  /// What NumPy writes for an element type.
  case elementType
  /// An element type without objects, and values.
  case elements
  /// The same, for one element of that size.
  case element

  /// What is expected of the arguments, for the message about others.
  var expectation: String {
    switch self {
    case .any: "any arguments"
    case .reference: "a reference, not a call"
    case .nothing: "no arguments"
    case .global: "a class, and plain arguments for it"
    case .reconstruction: "a class, and 'object' or a plain value's class with its value"
    case .contents: "bytes, or a string and 'latin-1'"
    case .plain: "plain values"
    case .plainObjects: "plain values, time zones and devices"
    case .values: "plain values, and lists, tuples, sets and dictionaries"
    case .ratio: "whole numbers, or a string of them"
    case .entries: "a dictionary"
    case .factory: "a class, a partial or None, and no entries"
    case .emptyArray: "a class of arrays and sizes of zero"
    case .generator: "values, and classes and functions of numpy.random"
    case .elementType: "the letter of a kind with a size, False and True"
    case .elements: "an element type without objects, which has its state"
    case .element: "an element type without objects, and the bytes of an element"
    }
  }

  /// Whether the arguments are what is expected.
  func allows(_ arguments: [PickleValue]) -> Bool {
    switch self {
    case .any: true
    case .reference: false
    case .nothing: arguments.isEmpty
    case .global:
      (arguments.first?.isClassOrFunction ?? false)
        && PickleValue.arePlainArguments(arguments.dropFirst())
    case .reconstruction: Self.allowsReconstruction(arguments)
    case .contents:
      (arguments.first.map(\.isContents) ?? true) && arguments.dropFirst().allSatisfy(\.isLatin1)
    case .plain: arguments.allSatisfy { $0.node == nil }
    case .plainObjects: arguments.allSatisfy { $0.node == nil || $0.isPlainObject }
    case .values: arguments.allSatisfy { $0.node == nil || $0.isContainer }
    case .ratio: arguments.allSatisfy(\.isRatio)
    case .entries: arguments.isEmpty || arguments.count == 1 && arguments[0].isDictionary
    case .factory: arguments.count <= 1 && arguments.allSatisfy(\.isFactory)
    case .emptyArray:
      arguments.count >= 2 && arguments[0].isGlobal && arguments[1].isEmptySize
    case .generator: arguments.allSatisfy(\.isOfGenerators)
    case .elementType: NumpyElementType(arguments: arguments) != nil
    case .elements: PickleValue.haveElementsWithoutObjects(arguments)
    case .element:
      PickleValue.haveElementsWithoutObjects(arguments) && PickleValue.areOneElement(arguments)
    }
  }

  /// `_reconstructor(class, base, state)` calls both classes: without arguments, or the second one
  /// with the state.
  private static func allowsReconstruction(_ arguments: [PickleValue]) -> Bool {
    guard arguments.count == 3, case .global(let first) = arguments[0],
      case .global(let base) = arguments[1], base.globalName.module.hasBytes(of: "builtins"),
      case .inert(let classRule) = first.meaning, classRule != .reference,
      case .inert(let baseRule) = base.meaning
    else { return false }
    if base.globalName.name.hasBytes(of: "object"), case .none = arguments[2] { return true }
    return baseRule.allows([arguments[2]])
  }

  /// What `__new__`, which is all that NEWOBJ calls, does with arguments.
  enum New {
    /// It takes them, as those of immutable values do.
    case taken
    /// It ignores them: what the object holds comes later.
    case ignored
    /// There must be none: nothing that pickle writes has any.
    case refused
  }
}

extension PickleValue {
  fileprivate var isGlobal: Bool { if case .global = self { true } else { false } }

  fileprivate var isFactory: Bool {
    switch self {
    case .none, .global, .object: true
    default: false
    }
  }

  /// Whether it is an object of a value class that is made from plain values.
  fileprivate var isPlainObject: Bool {
    guard case .object(let object) = self else { return false }
    // The class is not known: whoever reads such files has chosen to let it pass.
    guard object.isKnown else { return true }
    return object.hasNoAttributes && object.traits.contains(.distinct)
  }

  /// Whether it is a dictionary without attributes set on it.
  var isDictionary: Bool {
    if case .dictionary(let dictionary) = self { dictionary.attributes == nil } else { false }
  }

  fileprivate var isContainer: Bool {
    switch self {
    case .list, .tuple, .set, .dictionary: true
    default: false
    }
  }

  fileprivate var isContents: Bool {
    switch self {
    case .bytes, .text: true
    default: false
    }
  }

  /// Whether it is the codec that pickle names.
  fileprivate var isLatin1: Bool {
    if case .text(let codec) = self {
      codec.hasBytes(of: "latin1") || codec.hasBytes(of: "latin-1")
    } else {
      false
    }
  }

  fileprivate var isRatio: Bool {
    switch self {
    case .integer, .bigInteger, .float: true
    case .text(let text):
      text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "/"): true
        default: false
        }
      }
    default: false
    }
  }

  fileprivate var isEmptySize: Bool {
    guard case .tuple(let sizes) = self else { return false }
    return sizes.items.allSatisfy { if case .integer(0) = $0 { true } else { false } }
  }

  fileprivate var isOfGenerators: Bool {
    switch self {
    case .global(let global): GlobalTables.generatorModules.contains(global.globalName.module)
    case .object(let object): GlobalTables.generatorModules.contains(object.className.module)
    case .tuple: true
    default: node == nil
    }
  }
}
