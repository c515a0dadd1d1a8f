import ByteIO
import TensorModel
import TorchFormat

/// A number of NumPy's in a pickle, such as the best accuracy that a training run has reached: a call
/// of `numpy.core.multiarray.scalar` with an element type and the bytes of one element.
struct NumpyScalar {
  /// The number's type, by its name in NumPy.
  let typeName: String
  /// The number; a text if it is NaN or infinite.
  let value: JSONValue

  /// The element types of single numbers, by the letter and width that NumPy gives them.
  private static let types: [String: (name: String, type: ElementType)] = [
    "b1": ("bool", .bool), "i1": ("int8", .int8), "i2": ("int16", .int16), "i4": ("int32", .int32),
    "i8": ("int64", .int64), "u1": ("uint8", .uint8), "u2": ("uint16", .uint16),
    "u4": ("uint32", .uint32), "u8": ("uint64", .uint64), "f2": ("float16", .float16),
    "f4": ("float32", .float32), "f8": ("float64", .float64),
  ]

  /// Reads what such a call would have made; `nil` for any other object.
  init?(_ object: TorchObject) {
    guard ["numpy.core.multiarray", "numpy._core.multiarray"].contains(object.globalName.module),
      object.globalName.name == "scalar", object.arguments.count == 2,
      case .object(let elementType) = object.arguments[0],
      case .string(let code)? = elementType.arguments.first,
      let (name, type) = Self.types[code], case .bytes(let stored) = object.arguments[1],
      stored.count * 8 == type.bitWidth || type == .bool && stored.count == 1
    else { return nil }
    let bytes = Self.isBigEndian(elementType.state) ? stored.reversed() : stored
    let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    typeName = "numpy.\(name)"
    switch type {
    case .bool: value = .bool(bits != 0)
    case .uint8, .uint16, .uint32, .uint64:
      value = Int(exactly: bits).map { .integer($0) } ?? .bigInteger(String(bits))
    case .float16, .float32, .float64:
      guard let number = Self.number(bytes, type) else { return nil }
      value = number.isFinite ? .number(number) : .string("\(number)")
    default:
      // Extends the sign.
      let unused = 64 - 8 * bytes.count
      value = .integer(Int(Int64(bitPattern: bits << unused) >> unused))
    }
  }

  private static func isBigEndian(_ state: TorchValue?) -> Bool {
    guard case .tuple(let state)? = state, state.count > 1, case .string(let order) = state[1]
    else {
      return false
    }
    return order == ">"
  }

  private static func number(_ bytes: [UInt8], _ type: ElementType) -> Double? {
    guard
      let tensor = try? Tensor(
        name: "", elementType: type, shape: [],
        storage: RegionStorage(ByteRegion(copying: bytes))),
      var reader = try? NumberReader(tensor), reader.advance()
    else { return nil }
    return reader.numbers[0]
  }
}
