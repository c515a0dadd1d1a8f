extension Sequence {
  /// The sum of non-negative numbers, or `Int.max` if it is larger: a file of a few bytes can claim
  /// more elements than that, in tensors that overlap.
  package func saturatingSum(of number: (Element) -> Int) -> Int {
    reduce(0) { sum, element in
      let (next, overflows) = sum.addingReportingOverflow(number(element))
      return overflows ? .max : next
    }
  }
}
