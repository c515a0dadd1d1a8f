/// Values that a pickle stores under a number, to refer to them again.
struct PickleMemo {
  /// Pickles count up from 0; anything else goes into `sparse`, so that a large index costs
  /// nothing.
  private var dense: [PickleValue] = []
  private var sparse: [Int: PickleValue] = [:]

  /// How many values are stored, which is where MEMOIZE stores the next.
  var count: Int { dense.count + sparse.count }

  subscript(index: Int) -> PickleValue? {
    index < dense.count ? dense[index] : sparse[index]
  }

  mutating func store(_ value: PickleValue, at index: Int) {
    if index < dense.count {
      dense[index] = value
    } else if index == dense.count && sparse[index] == nil {
      dense.append(value)
    } else {
      sparse[index] = value
    }
  }
}
