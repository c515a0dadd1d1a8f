import ByteIO

/// Pickles opcode by opcode: each function gives the bytes that push one value.
enum PickleBytes {
  static func pickle(_ value: [UInt8], protocolVersion: UInt8 = 2) -> [UInt8] {
    [0x80, protocolVersion] + value + ascii(".")
  }

  static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  static func text(_ text: String) -> [UInt8] {
    var bytes = ascii("X")
    bytes.appendLittleEndian(UInt32(text.utf8.count))
    return bytes + ascii(text)
  }

  static func integer(_ value: Int) -> [UInt8] {
    if (0..<256).contains(value) { return ascii("K") + [UInt8(value)] }
    var bytes: [UInt8] = [0x8A, 8]
    bytes.appendLittleEndian(value)
    return bytes
  }

  static func global(_ module: String, _ name: String) -> [UInt8] { ascii("c\(module)\n\(name)\n") }

  static func tuple(_ items: [UInt8]...) -> [UInt8] { tuple(items) }
  static func tuple(_ items: [[UInt8]]) -> [UInt8] {
    items.isEmpty ? ascii(")") : ascii("(") + items.flatMap(\.self) + ascii("t")
  }
  static func tuple(integers: [Int]) -> [UInt8] { tuple(integers.map(integer)) }

  static func list(_ items: [UInt8]...) -> [UInt8] {
    ascii("](") + items.flatMap(\.self) + ascii("e")
  }

  static func dictionary(_ entries: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    ascii("}(") + entries.flatMap { text($0.key) + $0.value } + ascii("u")
  }

  static func call(_ function: [UInt8], _ arguments: [UInt8]...) -> [UInt8] {
    function + tuple(arguments) + ascii("R")
  }

  static func storage(
    _ key: String = "0", count: Int = 4, kind: String = "FloatStorage", location: String = "cpu",
    more: [UInt8]? = nil
  ) -> [UInt8] {
    let module = kind == "UntypedStorage" ? "torch.storage" : "torch"
    var parts = [
      text("storage"), global(module, kind), text(key), text(location), integer(count),
    ]
    if let more { parts.append(more) }
    return tuple(parts) + ascii("Q")
  }

  static let orderedDictionary = call(global("collections", "OrderedDict"))
  static let none = ascii("N")
  static let no: [UInt8] = [0x89]
  static let yes: [UInt8] = [0x88]

  static func tensor(
    _ storage: [UInt8] = storage(), shape: [Int] = [4], strides: [Int] = [1], offset: Int = 0,
    requiresGradient: [UInt8] = no, metadata: [UInt8]? = nil
  ) -> [UInt8] {
    var arguments = [
      storage, integer(offset), tuple(integers: shape), tuple(integers: strides), requiresGradient,
      orderedDictionary,
    ]
    if let metadata { arguments.append(metadata) }
    return global("torch._utils", "_rebuild_tensor_v2") + tuple(arguments) + ascii("R")
  }

  static func typedTensor(
    _ storage: [UInt8], _ type: String, shape: [Int], strides: [Int], metadata: [UInt8]? = nil
  ) -> [UInt8] {
    var arguments = [
      storage, integer(0), tuple(integers: shape), tuple(integers: strides), no,
      orderedDictionary, global("torch", type),
    ]
    if let metadata { arguments.append(metadata) }
    return global("torch._utils", "_rebuild_tensor_v3") + tuple(arguments) + ascii("R")
  }
}
