/// A tensor's name as bytes, cut at its dots.
///
/// Names are held against patterns by the hundred thousand; going over a `String` there costs many
/// times as much.
struct DottedName {
  private let bytes: [UInt8]
  /// Where each component begins, and at last where another one would.
  private let starts: [Int]

  init(_ utf8: some Sequence<UInt8>) {
    bytes = Array(utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: ".") {
      starts.append(offset + 1)
    }
    starts.append(bytes.count + 1)
    self.starts = starts
  }

  /// How many components there are; the empty name has one.
  var componentCount: Int { starts.count - 1 }

  /// The bytes between two dots.
  subscript(component: Int) -> ArraySlice<UInt8> {
    bytes[starts[component]..<starts[component + 1] - 1]
  }

  /// The last component.
  var last: ArraySlice<UInt8> { self[componentCount - 1] }

  /// What stands before a component, with the dot.
  func path(before component: Int) -> ArraySlice<UInt8> { bytes[..<starts[component]] }
}
