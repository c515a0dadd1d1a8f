import ByteIO

/// A tree of JSON values for people: a line each, indented by depth.
struct ExtraText {
  private(set) var lines: [String] = []

  init(_ tree: JSONValue) { add(tree, key: nil, depth: 0) }

  private mutating func add(_ value: JSONValue, key: String?, depth: Int) {
    let indentation = String(repeating: "  ", count: depth)
    let label = key.map { "\(escaped($0, limit: 80)): " } ?? ""
    switch value {
    case .object(let object):
      if let line = summary(object) {
        lines.append(indentation + label + line)
        return
      }
      if !label.isEmpty { lines.append(indentation + label.dropLast()) }
      for entry in object.entries {
        add(entry.value, key: entry.key, depth: label.isEmpty ? depth : depth + 1)
      }
    case .array(let items) where items.contains { isContainer($0) }:
      lines.append(indentation + label.dropLast())
      for (index, item) in items.enumerated() {
        add(item, key: "[\(index)]", depth: depth + 1)
      }
    default: lines.append(indentation + label + escaped(value.serialized(), limit: 120))
    }
  }

  /// The line for something that has no plain value.
  private func summary(_ object: JSONObject) -> String? {
    guard object.entries.count == 1, let entry = object.entries.first else {
      return object.entries.isEmpty ? "{}" : nil
    }
    switch (entry.key, entry.value) {
    case ("tensors", .integer(let count)): return count == 1 ? "1 tensor" : "\(count) tensors"
    case ("tensor", .string(let text)): return "tensor \(text)"
    case ("class", .string(let name)): return "an object of \(escaped(name, limit: 80))"
    case ("global", .string(let name)): return "the name \(escaped(name, limit: 80))"
    case ("bytes", .integer(let count)): return "\(count) bytes"
    case ("integer", .string(let text)): return escaped(text, limit: 80)
    default: return nil
    }
  }

  private func isContainer(_ value: JSONValue) -> Bool {
    switch value {
    case .array, .object: true
    default: false
    }
  }
}
