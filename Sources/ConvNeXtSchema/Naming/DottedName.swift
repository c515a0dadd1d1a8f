/// A tensor's name as bytes, split at its dots.
///
/// Names are matched against patterns by the hundred thousand; iterating over a `String` there
/// costs many times as much.
struct DottedName {
  private let bytes: [UInt8]
  private let ranges: [Range<Int>]
  /// Whether components were left out because they are in `wrappers`.
  let isWrapped: Bool

  /// Components that torch puts into the names of a module that it wraps, whichever part of a model
  /// that is: `torch.compile` (`torch/_dynamo/eval_frame.py`), fully sharded data parallelism and
  /// activation checkpointing (`torch/distributed/fsdp/_common_utils.py`,
  /// `torch/distributed/algorithms/_checkpoint/checkpoint_wrapper.py`).
  static let wrappers = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"]
  private static let wrapperBytes = wrappers.map { Array($0.utf8) }

  init(_ utf8: some Sequence<UInt8>) {
    bytes = Array(utf8)
    var ranges: [Range<Int>] = []
    var start = 0
    var isWrapped = false
    for offset in 0...bytes.count
    where offset == bytes.count || bytes[offset] == UInt8(ascii: ".") {
      let component = bytes[start..<offset]
      if component.first == UInt8(ascii: "_"), offset < bytes.count,
        Self.wrapperBytes.contains(where: component.elementsEqual)
      {
        isWrapped = true
      } else {
        ranges.append(start..<offset)
      }
      start = offset + 1
    }
    self.ranges = ranges
    self.isWrapped = isWrapped
  }

  /// How many components there are, without wrappers; the empty name has one.
  var componentCount: Int { ranges.count }

  /// The bytes between two dots.
  subscript(component: Int) -> ArraySlice<UInt8> { bytes[ranges[component]] }

  /// The last component, which is never a wrapper.
  var last: ArraySlice<UInt8> { self[componentCount - 1] }

  /// What precedes a component, with the dot and with wrappers.
  func path(before component: Int) -> ArraySlice<UInt8> {
    bytes[..<ranges[component].lowerBound]
  }

  /// The name without wrappers.
  var unwrapped: String {
    String(
      decoding: Array(ranges.map { bytes[$0] }.joined(separator: [UInt8(ascii: ".")])),
      as: UTF8.self)
  }

  /// A path, which ends with a dot, without the wrappers at its end.
  static func withoutLastWrappers(_ path: String) -> String {
    var path = path
    while let wrapper = wrappers.first(where: { path == "\($0)." || path.hasSuffix(".\($0).") }) {
      path.removeLast(wrapper.count + 1)
    }
    return path
  }

  /// Whether a path ends with the parts of another one; both end with a dot, or are empty.
  static func path(_ path: String, endsWith end: String) -> Bool {
    let (path, end) = (path.utf8, end.utf8)
    guard path.count > end.count else { return path.elementsEqual(end) }
    return path.suffix(end.count).elementsEqual(end)
      && (end.isEmpty || path.dropLast(end.count).last == UInt8(ascii: "."))
  }
}
