import ByteIO

/// What a pickle says about a NumPy element type: `numpy.dtype('f4', False, True)`, and a state.
///
/// NumPy believes the state. A type that has references to objects without saying so turns an
/// array's bytes into addresses, and one whose fields are past its end reads what is past the
/// array.
struct NumpyElementType {
  /// The letter of its kind.
  let kind: UInt8
  /// The bytes of an element.
  let byteCount: Int
  /// Whether elements are references to objects, or have some.
  let hasObjects: Bool
  /// Whether an element is an array itself, as one field may be.
  let isSubarray: Bool

  /// The kinds of elements, by the letters that NumPy writes, and the bytes of a unit of each.
  private static let unitByteCounts: [UInt8: Int] = [
    UInt8(ascii: "b"): 1, UInt8(ascii: "i"): 1, UInt8(ascii: "u"): 1, UInt8(ascii: "f"): 1,
    UInt8(ascii: "c"): 1, UInt8(ascii: "S"): 1, UInt8(ascii: "V"): 1, UInt8(ascii: "m"): 1,
    UInt8(ascii: "M"): 1, UInt8(ascii: "O"): 1, UInt8(ascii: "U"): 4,
  ]

  /// The most digits of a size.
  private static let digitCount = 10

  /// What the call says, which makes a copy of one of NumPy's own types; `nil` if it is something
  /// else.
  init?(arguments: [PickleValue]) {
    guard arguments.count == 3, case .text(let text) = arguments[0],
      arguments[1].isTruth(false), arguments[2].isTruth(true)
    else { return nil }
    let digits = text.utf8.dropFirst()
    guard let letter = text.utf8.first, let unit = Self.unitByteCounts[letter],
      (1...Self.digitCount).contains(digits.count),
      digits.allSatisfy(\.isASCIIDigit),
      let count = Int(Substring(digits))
    else { return nil }
    self.init(
      letter, byteCount: count * unit, hasObjects: letter == UInt8(ascii: "O"), isSubarray: false)
  }

  init(_ kind: UInt8, byteCount: Int, hasObjects: Bool, isSubarray: Bool) {
    self.kind = kind
    self.byteCount = byteCount
    self.hasObjects = hasObjects
    self.isSubarray = isSubarray
  }
}

extension PickleValue {
  /// The element type that the value is, once its state is set: before that, it may become another
  /// one.
  var builtElementType: NumpyElementType? {
    if case .object(let object) = self { object.elementType } else { nil }
  }

  /// Whether it is an element type, but not yet what it will be.
  private var isUnfinishedElementType: Bool {
    guard case .object(let object) = self else { return false }
    return object.isNumpyElementType && object.elementType == nil
  }

  /// Whether the arguments of a function that makes values from bytes have an element type, and
  /// none with objects: bytes hold no references.
  static func haveElementsWithoutObjects(_ arguments: [PickleValue]) -> Bool {
    let types = arguments.compactMap(\.builtElementType)
    return types.contains { !$0.hasObjects } && !types.contains(where: \.hasObjects)
      && !arguments.contains(where: \.isUnfinishedElementType)
  }

  /// Whether an array's state has no element type that may become another one or that only fields
  /// have, and as many objects as it says: NumPy reads past the end of a list.
  var isArrayState: Bool {
    guard case .tuple(let tuple) = self,
      !tuple.items.contains(where: \.isUnfinishedElementType),
      !tuple.items.contains(where: { $0.builtElementType?.isSubarray == true })
    else { return false }
    guard case .list(let elements)? = tuple.items.last else { return true }
    // `(version, shape, type, order, elements)`; the earliest form is without a version.
    guard tuple.items.count == 5, case .tuple(let shape) = tuple.items[1] else { return false }
    var count = 1
    for size in shape.items {
      guard case .integer(let size) = size, size >= 0,
        case (let product, false) = count.multipliedReportingOverflow(by: size)
      else { return false }
      count = product
    }
    return count == elements.items.count
  }

  /// Whether there are an element type and the bytes of one element; earlier versions wrote these as
  /// text.
  static func areOneElement(_ arguments: [PickleValue]) -> Bool {
    guard arguments.count == 2, let type = arguments[0].builtElementType, !type.isSubarray else {
      return false
    }
    switch arguments[1] {
    case .bytes(let bytes): return bytes.count == type.byteCount
    case .text: return true
    default: return false
    }
  }

  /// Whether it is this truth value, which earlier versions write as a number.
  fileprivate func isTruth(_ truth: Bool) -> Bool {
    switch self {
    case .bool(let value): value == truth
    case .integer(let value): value == (truth ? 1 : 0)
    default: false
    }
  }
}

extension PickleObject {
  /// Whether it is a call of `numpy.dtype`.
  var isNumpyElementType: Bool {
    className == GlobalName(module: "numpy", name: "dtype")
  }

  /// Whether it is an array that is waiting for its state.
  var isNumpyArray: Bool {
    className.name.hasBytes(of: "_reconstruct") && className.module.utf8.starts(with: "numpy.".utf8)
  }

  /// Whether it is an array, in the form of any protocol.
  var isArray: Bool {
    isNumpyArray
      || className.name.hasBytes(of: "_frombuffer")
        && className.module.utf8.starts(with: "numpy.".utf8)
  }
}
