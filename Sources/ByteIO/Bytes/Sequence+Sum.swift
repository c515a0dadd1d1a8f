extension Sequence {
  /// The sum of numbers that are not negative; `Int.max` where it is larger: a file of a few bytes
  /// can claim more elements than that, in tensors that lie in each other.
  package func saturatingSum(of number: (Element) -> Int) -> Int {
    reduce(0) { sum, element in
      let (next, overflows) = sum.addingReportingOverflow(number(element))
      return overflows ? .max : next
    }
  }
}
