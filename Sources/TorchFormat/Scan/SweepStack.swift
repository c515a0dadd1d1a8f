/// What a sweep has on the stack, as far as it can name a global.
struct SweepStack {
  /// A value.
  enum Value {
    /// Anything but a text: numbers, tuples, lists.
    case plain
    /// What may be anything, because a call returned it, or it is no longer kept.
    case other
    case mark
    /// A text, by where it is in the bytes, and how it is written.
    case text(Range<Int>, SweptText)
    /// An index into the uses that are noted.
    case global(Int)

    fileprivate var isMark: Bool { if case .mark = self { true } else { false } }
  }

  private var values: [Value] = []
  private var markCount = 0
  /// Whether values at the bottom are no longer kept.
  private(set) var isCut = false

  /// How many values are kept: each takes an opcode.
  static let limit = 1 << 20
  /// How much room is kept for the next pickle.
  private static let keptCapacity = 1 << 10

  /// Begins a pickle.
  mutating func reset() {
    isCut = false
    markCount = 0
    values.removeAll(keepingCapacity: values.capacity <= Self.keptCapacity)
  }

  /// Whether there are so many values above the latest mark, which is as far as opcodes reach.
  func has(_ count: Int) -> Bool {
    let top = values.suffix(count)
    return (top.count == count || isCut) && !top.contains(where: \.isMark)
  }

  /// Whether there is a mark.
  var hasMark: Bool { markCount > 0 || isCut }

  /// Whether the topmost value is a mark.
  var endsWithMark: Bool { values.last?.isMark ?? false }

  /// The topmost value; `nil` if there is none, and cannot have been one.
  var top: Value? { values.last ?? (isCut ? .other : nil) }

  /// The value below `count` others.
  func value(below count: Int) -> Value? { values.dropLast(count).last }

  mutating func push(_ value: Value) {
    values.append(value)
    if value.isMark { markCount += 1 }
    if values.count > Self.limit {
      markCount -= values.prefix(Self.limit / 2).count(where: \.isMark)
      values.removeFirst(Self.limit / 2)
      isCut = true
    }
  }

  /// Takes the topmost value.
  mutating func pop() -> Value? {
    let value = values.popLast()
    if value?.isMark ?? false { markCount -= 1 }
    return value
  }

  /// Takes values, as far as there are any, and puts one in their place.
  mutating func replace(_ count: Int, by value: Value) {
    for _ in 0..<count { _ = pop() }
    push(value)
  }

  /// Takes what is above the latest mark, and the mark; returns the lowest of the values.
  mutating func popToMark() -> Value? {
    var first: Value?
    while let value = pop() {
      if value.isMark { return first }
      first = value
    }
    return first
  }
}
