import ByteIO
import TensorModel

/// How many tensors have each element type, the most frequent first.
struct ElementTypeCounts {
  private let counts: [(elementType: ElementType, count: Int)]

  init(_ tensors: [Tensor]) {
    let byType = Dictionary(grouping: tensors, by: \.elementType)
    counts = byType.map { (elementType: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.elementType.name) < ($0.count, $1.elementType.name) }
  }

  var names: [String] { counts.map(\.elementType.name) }

  /// `{"F32": 181, "I64": 1}`.
  var json: JSONValue {
    var object = JSONObject()
    for (elementType, count) in counts { object[elementType.name] = .integer(count) }
    return .object(object)
  }

  /// `all F32`, or `181 F32, 1 I64`.
  var sentence: String {
    counts.count == 1
      ? "all \(counts[0].elementType.name)"
      : counts.map { "\($0.count) \($0.elementType.name)" }.joined(separator: ", ")
  }
}
