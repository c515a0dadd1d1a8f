/// The branches that lead to a model's tensors, found by searching the sorted names. The branches
/// are not stored: a name has as many as dots, and may consist of nothing else.
struct SharedBranches {
  private let sorted: [[UInt8]]
  private let names: Set<[UInt8]>

  init(of names: [String]) {
    sorted = names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    self.names = Set(sorted)
  }

  /// The first of a name's branches, from the outermost one to the tensor itself, that leads to no
  /// tensor of the model; the whole name if all do.
  func firstOwnBranch(of name: String) -> String {
    let bytes = Array(name.utf8)
    let next = sorted.partitioningIndex { !$0.lexicographicallyPrecedes(bytes) }
    // The name that shares the longest prefix is a neighbor in sorted order.
    let common =
      [next - 1, next].filter(sorted.indices.contains).map { neighbor in
        zip(bytes, sorted[neighbor]).prefix { $0 == $1 }.count
      }.max() ?? 0
    var end = bytes[..<common].lastIndex(of: Self.dot).map { $0 + 1 } ?? 0
    while let branchEnd = bytes[end...].firstIndex(of: Self.dot) {
      let branch = bytes[..<branchEnd]
      if branchEnd > common || branchEnd == common && !names.contains(Array(branch)) {
        return String(decoding: branch, as: UTF8.self)
      }
      end = branchEnd + 1
    }
    return name
  }

  private static let dot = UInt8(ascii: ".")
}

extension Array {
  /// The index of the first element that meets a condition, which all elements after it also meet.
  func partitioningIndex(where condition: (Element) -> Bool) -> Int {
    var range = indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = condition(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}
