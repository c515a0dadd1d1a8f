import Synchronization
import TestSupport
import Testing

@testable import ByteIO

@Suite("Workers")
struct WorkersTests {
  private struct Failure: Error, Equatable {
    let index: Int
  }

  @Test("every index is called once", arguments: [0, 1, 2, 1000])
  func everyIndex(count: Int) throws {
    let calls = Lock([Int](repeating: 0, count: count))
    try concurrentForEach(count: count) { index in calls.withLock { $0[index] += 1 } }
    #expect(calls.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  @Test("results keep the order of the indices")
  func order() throws {
    #expect(try concurrentMap(count: 1000) { $0 * 2 } == (0..<1000).map { $0 * 2 })
    #expect(try concurrentMap(count: 0) { $0 } == [])
  }

  @Test("what has the most bytes goes first; results keep the order of the indices")
  func largestGoFirst() throws {
    let byteCounts = [5, 70, 0, 70, .max, 6]
    #expect(largestFirst(byteCounts) == [4, 1, 3, 5, 0, 2])
    #expect(try concurrentMap(byteCounts: byteCounts) { $0 } == [0, 1, 2, 3, 4, 5])
    let calls = Lock([Int](repeating: 0, count: 6))
    try concurrentForEach(byteCounts: byteCounts) { index in calls.withLock { $0[index] += 1 } }
    #expect(calls.withLock { $0 } == [1, 1, 1, 1, 1, 1])
    #expect(throws: Failure(index: 1)) {
      try concurrentForEach(byteCounts: byteCounts) { index in
        if index != 0 { throw Failure(index: index) }
      }
    }
  }

  @Test("optional results stay optional")
  func optionalResults() throws {
    let results = try concurrentMap(count: 4) { $0 % 2 == 0 ? $0 : nil }
    #expect(results == [0, nil, 2, nil])
  }

  @Test("of several errors that of the lowest index is thrown")
  func lowestError() {
    for _ in 0..<20 {
      #expect(throws: Failure(index: 7)) {
        try concurrentForEach(count: 200) { index in
          if index >= 7 { throw Failure(index: index) }
        }
      }
    }
    #expect(throws: Failure(index: 3)) {
      try concurrentMap(count: 5) { index in
        if index == 3 { throw Failure(index: 3) }
      }
    }
  }
}
