/// A JSON object: entries in order, with keys compared by their UTF-8 bytes.
public struct JSONObject: Equatable, Sendable {
  /// The entries in order.
  public private(set) var entries: [Entry] = []
  /// The indices of the entries by key, in an object that has many.
  private var indexByKey: [ByteText: Int] = [:]
  /// Up to this many entries are searched one by one, which costs less than keeping their keys
  /// twice.
  private static let searchedCount = 8

  /// A key and its value.
  public struct Entry: Equatable, Sendable {
    /// The entry's name in the object.
    public let key: String
    /// The entry's value.
    public var value: JSONValue

    /// Whether keys are equal byte by byte, and values are equal.
    public static func == (left: Entry, right: Entry) -> Bool {
      left.key.hasBytes(of: right.key) && left.value == right.value
    }
  }

  /// No entries.
  public init() {}

  /// The value of a key; assigning to a new key appends an entry, and assigning `nil` changes
  /// nothing.
  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { entries[$0].value } }
    set {
      guard let newValue else { return }
      if let index = index(of: key) {
        entries[index].value = newValue
      } else {
        entries.append(Entry(key: key, value: newValue))
        indexLastEntry()
      }
    }
  }

  private func index(of key: String) -> Int? {
    entries.count <= Self.searchedCount
      ? entries.firstIndex { $0.key.hasBytes(of: key) } : indexByKey[ByteText(key)]
  }

  private mutating func indexLastEntry() {
    guard entries.count > Self.searchedCount else { return }
    let first = indexByKey.isEmpty ? 0 : entries.count - 1
    for index in first..<entries.count { indexByKey[ByteText(entries[index].key)] = index }
  }
}
