public import ByteIO
import SafetensorsFormat
import TensorModel
import TorchFormat

/// What a checkpoint holds besides tensors, as JSON. For a PyTorch file, these are numbers, texts,
/// arguments and the state of an optimizer, none of which is executed; for a safetensors file, its
/// metadata.
///
/// Tensors appear as `{"tensor": "F32[96,3,4,4]"}`; a dictionary or list of nothing but tensors as
/// their number; a number of NumPy's as its type and value; an object of another class as its class
/// with its parts; other values as themselves. If keys differ only in their type, as 7 and "7", the
/// later one gets an apostrophe, and a number if there are more.
public struct ExtraContent: Sendable {
  /// The tree, or `nil` if there is none, as in a `.convnext` file, whose header has a place for
  /// everything it says. For shards, each tree is under its file's name.
  public let tree: JSONValue?
  /// Whether values were left out because there are too many.
  public let isCut: Bool

  /// The number of values that are shown; a pickle can share one value along very many paths.
  private static let valueLimit = 20_000
  /// Bytes of all texts that are shown; a text can be shared in the same way.
  private static let textByteCount = 1 << 22

  /// Makes the tree of a file.
  public init(_ checkpoint: Checkpoint) {
    var walk = Walk(remaining: Self.valueLimit, remainingByteCount: Self.textByteCount)
    var trees: [(name: String, tree: JSONValue)] = []
    for file in checkpoint.files {
      let name = FileSystem.name(of: file.path)
      if let torch = file.torch {
        walk.tensors = torch.tensors
        trees.append((name, walk.json(torch.root)))
      } else if !file.metadata.isEmpty {
        trees.append((name, walk.json(file.metadata)))
      }
    }
    if checkpoint.files.count == 1 {
      tree = trees.first?.tree
    } else {
      var object = JSONObject()
      for (name, tree) in trees { object[name] = tree }
      tree = trees.isEmpty ? nil : .object(object)
    }
    isCut = walk.remaining <= 0 || walk.remainingByteCount < 0
  }

  private struct Walk {
    /// The tensors of the current file.
    var tensors: [Tensor] = []
    var remaining: Int
    var remainingByteCount: Int

    mutating func json(_ value: TorchValue) -> JSONValue {
      remaining -= 1
      guard remaining > 0 else { return .string("…") }
      switch value {
      case .none: return .null
      case .bool(let value): return .bool(value)
      case .integer(let value): return .integer(value)
      case .bigInteger(let bytes):
        guard fits(byteCount: 2 * bytes.count) else { return .string("…") }
        return Self.integer(twosComplement: bytes)
      case .float(let value): return value.isFinite ? .number(value) : .string("\(value)")
      case .string(let text): return .string(fits(byteCount: text.utf8.count) ? text : "…")
      case .bytes(let bytes): return .object(["bytes": .integer(bytes.count)])
      case .list(let items), .tuple(let items), .set(let items): return list(items)
      case .dictionary(let dictionary): return object(dictionary.entries)
      case .tensor(let index): return tensor(index)
      case .unsupportedTensor: return .object(["tensor": .string("of a kind that is not read")])
      case .global(let name): return .object(["global": .string(name.qualifiedName)])
      case .object(let object): return self.object(object)
      }
    }

    /// A whole number from its two's complement, the lowest byte first: up to 128 bits as a number,
    /// beyond that, where decimal digits take long to compute, as hexadecimal digits with a sign.
    private static func integer(twosComplement bytes: [UInt8]) -> JSONValue {
      let isNegative = bytes.last.map { $0 & 0x80 != 0 } ?? false
      if bytes.count <= 16 {
        let value = bytes.reversed().reduce(Int128(isNegative ? -1 : 0)) { $0 << 8 | Int128($1) }
        return Int(exactly: value).map { .integer($0) } ?? .bigInteger(String(value))
      }
      var magnitude = bytes
      if isNegative {
        var carry = true
        for index in magnitude.indices {
          magnitude[index] = ~magnitude[index]
          if carry { (magnitude[index], carry) = magnitude[index].addingReportingOverflow(1) }
        }
      }
      let digits = lowercaseHex(magnitude.reversed())
      return .object(["integer": .string("\(isNegative ? "-" : "")0x\(digits)")])
    }

    /// The metadata of a safetensors file.
    mutating func json(_ metadata: [SafetensorsMetadataEntry]) -> JSONValue {
      var object = JSONObject()
      for entry in metadata where hasRoom {
        object[key(.string(entry.key))] = json(.string(entry.value))
      }
      return .object(object)
    }

    /// Whether anything more can be shown.
    private var hasRoom: Bool { remaining > 0 && remainingByteCount >= 0 }

    /// Whether this much text can still be shown; if so, it is counted.
    private mutating func fits(byteCount: Int) -> Bool {
      guard remainingByteCount >= byteCount else {
        remainingByteCount = -1
        return false
      }
      remainingByteCount -= byteCount
      return true
    }

    private func tensor(_ index: Int) -> JSONValue {
      guard tensors.indices.contains(index) else { return .null }
      let tensor = tensors[index]
      let dimensions = tensor.shape.map(String.init).joined(separator: ",")
      return .object(["tensor": .string("\(tensor.elementType.name)[\(dimensions)]")])
    }

    private mutating func list(_ items: [TorchValue]) -> JSONValue {
      if let count = tensorCount(items) { return .object(["tensors": .integer(count)]) }
      var shown: [JSONValue] = []
      for item in items where hasRoom { shown.append(json(item)) }
      return .array(shown)
    }

    private mutating func object(_ entries: [TorchDictionary.Entry]) -> JSONValue {
      if let count = tensorCount(entries.map(\.value)) {
        return .object(["tensors": .integer(count)])
      }
      var object = JSONObject()
      var alikeCounts: [ByteText: Int] = [:]
      for entry in entries where hasRoom {
        // Python distinguishes the keys 7 and '7', JSON does not.
        let shown = key(entry.key)
        let text = ByteText(shown)
        var name = shown
        while object[name] != nil {
          let count = alikeCounts[text, default: 0] + 1
          alikeCounts[text] = count
          name = count == 1 ? "\(shown)'" : "\(shown)'\(count)"
        }
        object[name] = json(entry.value)
      }
      return .object(object)
    }

    private mutating func object(_ value: TorchObject) -> JSONValue {
      if let scalar = NumpyScalar(value) {
        return .object(["class": .string(scalar.typeName), "value": scalar.value])
      }
      var object = JSONObject()
      object["class"] = .string(value.globalName.qualifiedName)
      if !value.arguments.isEmpty { object["arguments"] = list(value.arguments) }
      if !value.items.isEmpty { object["items"] = list(value.items) }
      if !value.entries.isEmpty { object["entries"] = self.object(value.entries) }
      if let state = value.state { object["state"] = json(state) }
      return .object(object)
    }

    /// How many values there are, if all of them are tensors.
    private func tensorCount(_ values: [TorchValue]) -> Int? {
      guard !values.isEmpty else { return nil }
      for value in values {
        switch value {
        case .tensor, .unsupportedTensor: continue
        default: return nil
        }
      }
      return values.count
    }

    private mutating func key(_ value: TorchValue) -> String {
      switch value {
      case .string(let text): fits(byteCount: text.utf8.count) ? text : "…"
      case .integer(let number): String(number)
      default: json(value).serialized()
      }
    }
  }
}
