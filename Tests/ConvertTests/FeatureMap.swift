/// What one image is between two layers: channels, height and width, and the numbers in that order.
struct FeatureMap: Equatable {
  let channels: Int
  let height: Int
  let width: Int
  var values: [Double]

  init(_ channels: Int, _ height: Int, _ width: Int, value: (Int, Int, Int) -> Double) {
    self.channels = channels
    self.height = height
    self.width = width
    values = []
    for channel in 0..<channels {
      for y in 0..<height {
        for x in 0..<width { values.append(value(channel, y, x)) }
      }
    }
  }

  /// The image of `fixtures/gold_logits.py`, with three channels.
  static func image(size: Int) -> FeatureMap {
    FeatureMap(3, size, size) { channel, y, x in
      Double((31 * channel + 17 * y + 13 * x + 7 * y * x) % 29) / 14 - 1
    }
  }

  var positions: Int { height * width }

  /// Zeros beyond the edges.
  subscript(channel: Int, y: Int, x: Int) -> Double {
    guard y >= 0, y < height, x >= 0, x < width else { return 0 }
    return values[(channel * height + y) * width + x]
  }

  /// The numbers of one channel.
  func channel(_ index: Int) -> ArraySlice<Double> {
    values[index * positions..<(index + 1) * positions]
  }

  /// The numbers of all channels at one position.
  func position(_ index: Int) -> [Double] {
    (0..<channels).map { values[$0 * positions + index] }
  }

  /// Every position's channels put through a function, which may change how many there are.
  func mapPositions(_ transform: ([Double]) -> [Double]) -> FeatureMap {
    let columns = (0..<positions).map { transform(position($0)) }
    return FeatureMap(columns[0].count, height, width) { channel, y, x in
      columns[y * width + x][channel]
    }
  }

  func map(_ transform: (Double) -> Double) -> FeatureMap {
    var result = self
    result.values = values.map(transform)
    return result
  }

  static func + (left: FeatureMap, right: FeatureMap) -> FeatureMap {
    var sum = left
    for index in sum.values.indices { sum.values[index] += right.values[index] }
    return sum
  }
}
