import ByteIO

/// What a sweep has in the memo, as far as it can name a global.
struct SweepMemo {
  private var values: [Int: SweepStack.Value] = [:]
  /// Whether a place was named in a way that readers interpret differently: what is fetched from
  /// then on may be anything.
  private var isUncertain = false

  /// How many values are kept: each takes an opcode.
  private static let limit = 1 << 20
  /// The most digits that any number of a place has: all of them fit in 64 bits.
  private static let largestDigitCount = 18

  /// Begins a pickle.
  mutating func reset() {
    isUncertain = false
    if !values.isEmpty { values = [:] }
  }

  /// The place that the next value is memoized at.
  var count: Int { values.count }

  /// Keeps a value at a place.
  mutating func store(_ value: SweepStack.Value, at place: Int) {
    guard values.count < Self.limit || values[place] != nil else { return }
    values[place] = value
  }

  /// The value at a place.
  func value(at place: Int) -> SweepStack.Value {
    let value = values[place]
    return isUncertain || value == nil && values.count >= Self.limit ? .other : value ?? .plain
  }

  /// The number of a place, from text; -1 if it is not just digits, as pickle writes it. One of
  /// Python's readers accepts spaces, signs and underscores, and one stops at a NUL.
  mutating func place(_ digits: some Collection<UInt8>) -> Int {
    guard !digits.isEmpty, digits.count <= Self.largestDigitCount,
      digits.allSatisfy(\.isASCIIDigit)
    else {
      isUncertain = true
      return -1
    }
    return digits.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }
  }
}
