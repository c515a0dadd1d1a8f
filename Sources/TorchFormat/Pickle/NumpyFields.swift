import ByteIO

/// The fields of a NumPy element type: `{'name': (type, offset), …}`, or with a title, under which
/// the field appears a second time.
struct NumpyFields {
  /// Whether one of them has references to objects.
  let haveObjects: Bool

  private struct Field {
    let range: Range<Int>
    let hasObjects: Bool
    let title: ByteText?

    /// `nil` if it is not within the element.
    init?(_ value: PickleValue, byteCount: Int) {
      guard case .tuple(let field) = value, (2...3).contains(field.items.count),
        let type = field.items[0].builtElementType, case .integer(let offset) = field.items[1],
        offset >= 0, offset <= byteCount, type.byteCount <= byteCount - offset
      else { return nil }
      range = offset..<offset + type.byteCount
      hasObjects = type.hasObjects
      if field.items.count < 3 {
        title = nil
      } else if case .text(let text) = field.items[2] {
        title = ByteText(text)
      } else {
        return nil
      }
    }
  }

  /// Takes the fields of elements of so many bytes; `nil` if names and fields do not match, if a
  /// field is not within the element, or if it shares bytes with another one where there are
  /// objects: numbers would become references.
  init?(_ names: [PickleValue], _ fields: PickleDictionary, byteCount: Int) {
    var byKey: [ByteText: Field] = [:]
    for (key, value) in fields.entries.pairs {
      guard case .text(let text) = key, let field = Field(value, byteCount: byteCount) else {
        return nil
      }
      byKey[ByteText(text)] = field
    }
    // NumPy looks each name up, and assumes that there is a field.
    var named: [Field] = []
    for name in names {
      guard case .text(let text) = name, let field = byKey.removeValue(forKey: ByteText(text))
      else { return nil }
      named.append(field)
    }
    let titles = Dictionary(
      named.compactMap { field in field.title.map { ($0, field.range) } }, uniquingKeysWith: { $1 })
    haveObjects = named.contains(where: \.hasObjects)
    guard
      byKey.allSatisfy({ key, field in titles[key] == field.range && !field.hasObjects })
    else { return nil }
    guard haveObjects else { return }
    // NumPy goes over all keys, and recognizes titles by their address: an object would be released
    // twice.
    guard byKey.isEmpty else { return nil }
    let ranges = named.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
    guard zip(ranges, ranges.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
      return nil
    }
  }
}
