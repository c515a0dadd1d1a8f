/// The state of an element type, as NumPy writes it (`arraydescr_reduce` in
/// `numpy/_core/src/multiarray/descriptor.c`): `(version, order, subarray, names, fields, size,
/// alignment, flags)`, and metadata if there are any.
extension NumpyElementType {
  /// The flags of references to objects: counted, pickled as lists, pointers
  /// (`numpy/ndarraytypes.h`).
  private static let objectFlags = 0x07
  /// All flags of objects.
  private static let allObjectFlags = 0x3F
  /// The flags that a type gets from objects in its fields: counted, pickled as lists, initialized,
  /// and in need of Python.
  private static let compoundObjectFlags = 0x1B

  /// The kinds whose size and alignment NumPy takes from the state.
  private static let flexibleKinds = Set("SUV".utf8)
  /// The kinds that count units of time, which the metadata give.
  private static let timeKinds = Set("mM".utf8)
  /// What an address may be required to be a multiple of.
  private static let alignments: Set<Int> = [1, 2, 4, 8, 16]

  /// The type with its state; `nil` where the state does not fit.
  init?(arguments: [PickleValue], state: PickleValue) {
    guard let plain = NumpyElementType(arguments: arguments), case .tuple(let tuple) = state,
      (8...9).contains(tuple.items.count), case .integer(3...4) = tuple.items[0],
      case .integer(let size) = tuple.items[5],
      case .integer(let alignment) = tuple.items[6], case .integer(let flags) = tuple.items[7],
      plain.allows(size: size, alignment: alignment),
      plain.allows(metadata: tuple.items.count > 8 ? tuple.items[8] : nil)
    else { return nil }
    let hasObjects: Bool
    var isSubarray = false
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
      isSubarray = true
    case (.none, .tuple(let names), .dictionary(let fields)):
      guard let fields = NumpyFields(names.items, fields, byteCount: plain.byteCount) else {
        return nil
      }
      hasObjects = fields.haveObjects
    default: return nil
    }
    guard plain.kind == UInt8(ascii: "V"),
      hasObjects
        ? flags & Self.compoundObjectFlags == Self.compoundObjectFlags
        : flags & Self.objectFlags == 0
    else { return nil }
    self.init(
      plain.kind, byteCount: plain.byteCount, hasObjects: hasObjects, isSubarray: isSubarray)
  }

  /// NumPy writes -1 for kinds of fixed size, and divides by the alignment of the others.
  private func allows(size: Int, alignment: Int) -> Bool {
    Self.flexibleKinds.contains(kind)
      ? size == byteCount && Self.alignments.contains(alignment)
      : (size == -1 || size == byteCount)
        && (alignment == -1 || Self.alignments.contains(alignment))
  }

  /// NumPy reads the unit of times from `(metadata, (unit, count, divisor, event))`, without
  /// checking that there is one.
  private func allows(metadata: PickleValue?) -> Bool {
    guard Self.timeKinds.contains(kind) else { return metadata?.isMetadata ?? true }
    guard case .tuple(let pair)? = metadata, pair.items.count == 2, pair.items[0].isMetadata,
      case .tuple(let unit) = pair.items[1], unit.items.count == 4
    else { return false }
    switch unit.items[0] {
    case .text, .bytes: break
    default: return false
    }
    return unit.items.dropFirst().allSatisfy { if case .integer = $0 { true } else { false } }
  }

  /// An element type, and sizes.
  private static func subarray(
    _ items: [PickleValue]
  ) -> (byteCount: Int, hasObjects: Bool)? {
    guard items.count == 2, let type = items[0].builtElementType, case .tuple(let sizes) = items[1]
    else { return nil }
    var byteCount = type.byteCount
    for size in sizes.items {
      guard case .integer(let size) = size, size >= 0,
        case (let product, false) = byteCount.multipliedReportingOverflow(by: size)
      else { return nil }
      byteCount = product
    }
    return (byteCount, type.hasObjects)
  }
}

extension PickleValue {
  /// Whether it is what a program notes about an element type, or nothing.
  fileprivate var isMetadata: Bool {
    switch self {
    case .none, .dictionary: true
    default: false
    }
  }
}
