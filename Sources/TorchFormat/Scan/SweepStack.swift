/// What a sweep has on the stack, as far as it can name a global.
struct SweepStack {
  /// A value.
  enum Value {
    /// What is no text: numbers, tuples, lists.
    case plain
    /// What may be anything, for it is what a call gives, or no longer kept.
    case other
    case mark
    /// A text, by where it lies in the bytes, and how it is written.
    case text(Range<Int>, SweptText)
    /// An index into the uses that are noted.
    case global(Int)
  }

  private var values: [Value] = []
  /// Whether values at the bottom are no longer kept.
  private(set) var isCut = false

  /// How many values are kept: each takes an opcode.
  static let limit = 1 << 20
  /// How much room is kept for the next pickle.
  private static let keptCapacity = 1 << 10

  /// Begins a pickle.
  mutating func reset() {
    isCut = false
    values.removeAll(keepingCapacity: values.capacity <= Self.keptCapacity)
  }

  /// The uppermost value; `nil` where there is none, and cannot have been any.
  var top: Value? { values.last ?? (isCut ? .other : nil) }

  /// The value below `count` others.
  func value(below count: Int) -> Value? { values.dropLast(count).last }

  mutating func push(_ value: Value) {
    values.append(value)
    if values.count > Self.limit {
      values.removeFirst(Self.limit / 2)
      isCut = true
    }
  }

  /// Takes the uppermost value.
  mutating func pop() -> Value? { values.popLast() }

  /// Takes values, as far as there are any, and puts one in their place.
  mutating func replace(_ count: Int, by value: Value) {
    values.removeLast(min(count, values.count))
    push(value)
  }

  /// Takes what lies above the latest mark, and the mark; the lowest of the values.
  mutating func popToMark() -> Value? {
    var first: Value?
    while let value = values.popLast() {
      if case .mark = value { return first }
      first = value
    }
    return first
  }
}
