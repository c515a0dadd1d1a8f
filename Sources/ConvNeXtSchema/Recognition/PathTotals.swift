import ByteIO
import TensorModel

/// How many tensors have names that begin with each of some paths, and how many bytes they take.
///
/// A file may have a path for every tensor and paths within paths, so no path is compared with all
/// names. In byte order, the longest path that a name begins with is the last path before the name,
/// or one that this last path itself begins with.
struct PathTotals {
  /// What is under a path.
  struct Total: Equatable {
    var tensorCount = 0
    /// `Int.max` if there are more, as for bytes.
    var elementCount = 0
    var byteCount = 0

    mutating func add(_ other: Total) {
      tensorCount += other.tensorCount
      elementCount = [elementCount, other.elementCount].saturatingSum { $0 }
      byteCount = [byteCount, other.byteCount].saturatingSum { $0 }
    }
  }

  private struct Node {
    let path: [UInt8]
    /// The longest other path that this one begins with.
    let parent: Int?
    /// Until all tensors are known, the total of those that are under no longer path.
    var total = Total()
  }

  private var nodes: [Node] = []

  /// Takes the paths to count under.
  init(_ paths: some Sequence<[UInt8]>) {
    for path in Set(paths).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let last = nodes.isEmpty ? nil : nodes.count - 1
      nodes.append(Node(path: path, parent: longestPath(before: path, from: last)))
    }
  }

  /// Counts a tensor under the paths that its name begins with.
  mutating func add(_ name: TensorName, elementCount: Int, byteCount: Int) {
    let name = Array(name.utf8)
    guard let index = longestPath(before: name, from: lastPath(through: name)) else { return }
    nodes[index].total.add(
      Total(tensorCount: 1, elementCount: elementCount, byteCount: byteCount))
  }

  /// What is under each path.
  var totals: [[UInt8]: Total] {
    var nodes = nodes
    // In this order, paths follow those that they begin with.
    for index in nodes.indices.reversed() {
      guard let parent = nodes[index].parent else { continue }
      nodes[parent].total.add(nodes[index].total)
    }
    return Dictionary(nodes.map { ($0.path, $0.total) }) { first, _ in first }
  }

  /// The last path that does not follow a name in byte order.
  private func lastPath(through name: [UInt8]) -> Int? {
    var (low, high) = (0, nodes.count)
    while low < high {
      let middle = (low + high) / 2
      if name.lexicographicallyPrecedes(nodes[middle].path) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low == 0 ? nil : low - 1
  }

  /// The longest path that a name begins with, among one path and those that it begins with.
  private func longestPath(before name: [UInt8], from index: Int?) -> Int? {
    guard let index else { return nil }
    let path = nodes[index].path
    var commonCount = 0
    while commonCount < path.count, commonCount < name.count, path[commonCount] == name[commonCount]
    {
      commonCount += 1
    }
    var found = Optional(index)
    while let candidate = found, nodes[candidate].path.count > commonCount {
      found = nodes[candidate].parent
    }
    return found
  }
}
