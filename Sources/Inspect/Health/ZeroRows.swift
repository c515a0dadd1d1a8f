import TensorModel

/// The rows of a weight, along its first dimension, that hold nothing but zeros.
struct ZeroRows: Equatable {
  /// How many rows there are.
  let rowCount: Int
  /// How many of them are zero.
  private(set) var count = 0
  /// The first few of them.
  private(set) var firstIndices: [Int] = []

  private static let namedCount = 4

  /// Goes over a tensor's elements once, in constant memory; `nil` for packed types and tensors
  /// without elements.
  init?(of tensor: Tensor) throws {
    guard let rowCount = tensor.shape.first, rowCount > 0, tensor.elementCount > 0,
      var reader = try NumberReader(tensor)
    else { return nil }
    self.rowCount = rowCount
    let rowLength = tensor.elementCount / rowCount
    // A row may continue in the next block.
    var (row, position, isZero) = (0, 0, true)
    while reader.advance() {
      let numbers = reader.numbers
      for index in numbers.indices {
        if numbers[index] != 0 { isZero = false }
        position += 1
        guard position == rowLength else { continue }
        if isZero { add(row) }
        (row, position, isZero) = (row + 1, 0, true)
      }
    }
  }

  private mutating func add(_ row: Int) {
    count += 1
    if firstIndices.count < Self.namedCount { firstIndices.append(row) }
  }
}
