/// The name that takes the fewest changes to become `name`, if that is at most two, or a third of
/// its length; the first of equally near ones.
///
/// Of very many names only the first ones are examined, and only those of a similar length: all of
/// them may come from a file.
package func nearestName(to name: String, in names: [String]) -> String? {
  let target = Array(name.utf8)
  guard target.count <= 256 else { return nil }
  var best: (distance: Int, name: String)?
  // Names of a ConvNeXt differ in some ten bytes, so this is enough for all of 4096.
  var pairCount = 1 << 21
  for other in names.prefix(4096) where other.utf8.count <= 256 {
    let limit = min(max(2, target.count / 3), (best?.distance ?? .max) - 1)
    guard abs(other.utf8.count - target.count) <= limit else { continue }
    let (left, right) = withoutCommonEnds(target[...], Array(other.utf8)[...])
    pairCount -= left.count * right.count
    guard pairCount >= 0 else { break }
    let distance = editDistance(left, right)
    if distance <= limit { best = (distance, other) }
  }
  return best?.name
}

/// Two names without the bytes that both begin with and both end with, which do not affect their
/// distance.
func withoutCommonEnds(
  _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>
) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>) {
  var (left, right) = (left, right)
  while let byte = left.first, byte == right.first {
    left = left.dropFirst()
    right = right.dropFirst()
  }
  while let byte = left.last, byte == right.last {
    left = left.dropLast()
    right = right.dropLast()
  }
  return (left, right)
}

/// The Levenshtein distance: how many bytes must be inserted, removed or replaced.
func editDistance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
  // row[j] is the distance from the first i bytes of `left` to the first j of `right`.
  var row = Array(0...right.count)
  for (i, byte) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let replaced = diagonal + (byte == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
