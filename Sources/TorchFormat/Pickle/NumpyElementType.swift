import ByteIO

/// What a pickle says of a NumPy element type: `numpy.dtype('f4', False, True)`, and a state.
///
/// NumPy believes the state. A type that has references to objects without saying so makes
/// addresses of an array's bytes, and one whose fields lie behind its end reads what lies behind
/// the array.
struct NumpyElementType {
  /// The bytes of an element.
  let byteCount: Int
  /// Whether elements are references to objects, or have such.
  let hasObjects: Bool

  /// The kinds of elements, by the letters that NumPy writes, and the bytes of a unit of each.
  private static let unitByteCounts: [UInt8: Int] = [
    UInt8(ascii: "b"): 1, UInt8(ascii: "i"): 1, UInt8(ascii: "u"): 1, UInt8(ascii: "f"): 1,
    UInt8(ascii: "c"): 1, UInt8(ascii: "S"): 1, UInt8(ascii: "V"): 1, UInt8(ascii: "m"): 1,
    UInt8(ascii: "M"): 1, UInt8(ascii: "O"): 1, UInt8(ascii: "U"): 4,
  ]

  /// The flags of references to objects: counted, pickled as lists, pointers
  /// (`numpy/ndarraytypes.h`).
  private static let objectFlags = 0x07
  /// All flags of objects.
  private static let allObjectFlags = 0x3F
  /// The flags that a type has of objects in its fields: counted, pickled as lists, set to begin
  /// with, and in need of Python.
  private static let compoundObjectFlags = 0x1B
  /// The most digits of a size.
  private static let digitCount = 10

  /// What the call says, which makes a copy of a type of NumPy's own; `nil`: something else.
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
    byteCount = count * unit
    hasObjects = letter == UInt8(ascii: "O")
  }

  /// The type with its state: `(version, order, subarray, names, fields, size, alignment, flags)`,
  /// and metadata from version 4 on; `nil` where the state does not fit.
  init?(arguments: [PickleValue], state: PickleValue) {
    guard let plain = NumpyElementType(arguments: arguments), case .tuple(let tuple) = state,
      (8...9).contains(tuple.items.count), case .integer(let size) = tuple.items[5],
      size == -1 || size == plain.byteCount, case .integer(let flags) = tuple.items[7]
    else { return nil }
    switch (tuple.items[2], tuple.items[3], tuple.items[4]) {
    case (.none, .none, .none):
      guard plain.hasObjects ? flags == Self.allObjectFlags : flags & Self.objectFlags == 0 else {
        return nil
      }
      self = plain
      return
    case (.tuple(let part), .none, .none):
      guard let part = Self.subarray(part.items), part.byteCount == plain.byteCount else {
        return nil
      }
      hasObjects = part.hasObjects
    case (.none, .tuple, .dictionary(let fields)):
      guard let hasObjects = Self.hasObjects(fields, byteCount: plain.byteCount) else {
        return nil
      }
      self.hasObjects = hasObjects
    default: return nil
    }
    guard !plain.hasObjects,
      hasObjects
        ? flags & Self.compoundObjectFlags == Self.compoundObjectFlags
        : flags & Self.objectFlags == 0
    else { return nil }
    byteCount = plain.byteCount
  }

  /// An element type, and sizes.
  private static func subarray(_ items: [PickleValue]) -> NumpyElementType? {
    guard items.count == 2, let type = items[0].builtElementType, case .tuple(let sizes) = items[1]
    else { return nil }
    var byteCount = type.byteCount
    for size in sizes.items {
      guard case .integer(let size) = size, size >= 0,
        case (let product, false) = byteCount.multipliedReportingOverflow(by: size)
      else { return nil }
      byteCount = product
    }
    return NumpyElementType(byteCount: byteCount, hasObjects: type.hasObjects)
  }

  private init(byteCount: Int, hasObjects: Bool) {
    self.byteCount = byteCount
    self.hasObjects = hasObjects
  }

  /// Whether one of the fields has objects; `nil` where one does not lie within the element, or
  /// shares bytes with such: numbers would be references.
  private static func hasObjects(_ fields: PickleDictionary, byteCount: Int) -> Bool? {
    var hasObjects = false
    var ranges: [Range<Int>] = []
    for (_, field) in fields.entries.pairs {
      guard case .tuple(let field) = field, (2...3).contains(field.items.count),
        let type = field.items[0].builtElementType, case .integer(let offset) = field.items[1],
        offset >= 0, offset <= byteCount, type.byteCount <= byteCount - offset
      else { return nil }
      hasObjects = hasObjects || type.hasObjects
      ranges.append(offset..<offset + type.byteCount)
    }
    guard hasObjects else { return false }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    let areApart = zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }
    return areApart ? true : nil
  }
}

extension PickleValue {
  /// The element type that the value is, once its state is set: before, it may become another one.
  fileprivate var builtElementType: NumpyElementType? {
    if case .object(let object) = self { object.elementType } else { nil }
  }

  /// Whether it is an element type, and not yet what it will be.
  private var isUnfinishedElementType: Bool {
    guard case .object(let object) = self else { return false }
    return object.isNumpyElementType && object.elementType == nil
  }

  /// Whether the arguments of a function that makes values of bytes have an element type, and none
  /// with objects: bytes have no references.
  static func haveElementsWithoutObjects(_ arguments: [PickleValue]) -> Bool {
    let types = arguments.compactMap(\.builtElementType)
    return types.contains { !$0.hasObjects } && !types.contains(where: \.hasObjects)
      && !arguments.contains(where: \.isUnfinishedElementType)
  }

  /// Whether an array's state has no element type that may become another one, and of objects as
  /// many as it says: NumPy reads on behind the end of a list.
  var isArrayState: Bool {
    guard case .tuple(let tuple) = self,
      !tuple.items.contains(where: \.isUnfinishedElementType)
    else { return false }
    guard case .list(let elements)? = tuple.items.last else { return true }
    // `(version, shape, type, order, elements)`; the first one without a version.
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
    guard arguments.count == 2, let type = arguments[0].builtElementType else { return false }
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
  var isNumpyElementType: Bool { module.hasBytes(of: "numpy") && name.hasBytes(of: "dtype") }

  /// Whether it is an array that waits for its state.
  var isNumpyArray: Bool {
    name.hasBytes(of: "_reconstruct") && module.utf8.starts(with: "numpy.".utf8)
  }
}
