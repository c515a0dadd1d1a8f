import ByteIO

/// Calls `body` for each index below `count`, as `concurrentForEach(byteCounts:_:)` does.
package func concurrentForEach(
  count: Int, _ body: @Sendable (_ index: Int) throws -> Void
) throws {
  try concurrentForEach(byteCounts: [Int](repeating: 0, count: count), body)
}

/// Calls `transform` for each index below `count`, as `concurrentMap(byteCounts:_:)` does.
package func concurrentMap<Result: Sendable>(
  count: Int, _ transform: @Sendable (_ index: Int) throws -> Result
) throws -> [Result] {
  try concurrentMap(byteCounts: [Int](repeating: 0, count: count), transform)
}
