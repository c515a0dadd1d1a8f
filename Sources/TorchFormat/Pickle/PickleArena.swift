/// Keeps every node that a pickle makes, and takes them apart without recursion.
final class PickleArena {
  private var nodes: [PickleNode] = []
  /// How many nodes were made.
  var count: Int { nodes.count }

  func keep<Node: PickleNode>(_ node: Node) -> Node {
    nodes.append(node)
    return node
  }

  deinit {
    for node in nodes { node.empty() }
  }
}
