/// The product of dimensions, or `nil` if one is negative or the product overflows.
///
/// A shape without dimensions is a scalar and has one element. Like the safetensors reference,
/// the product is taken from left to right, so `[0, 2^62, 2^62]` is empty and
/// `[2^62, 2^62, 0]` overflows.
package func elementCount(of shape: [Int]) -> Int? {
  var product = 1
  for dimension in shape {
    guard dimension >= 0 else { return nil }
    let (next, overflows) = product.multipliedReportingOverflow(by: dimension)
    if overflows { return nil }
    product = next
  }
  return product
}

/// The dimensions that are not 1, which reshaping by unit dimensions does not change.
package func withoutUnitDimensions(_ shape: [Int]) -> [Int] {
  shape.filter { $0 != 1 }
}

/// A shape without the unit dimensions in front that are more than `rank` dimensions, besides unit
/// dimensions at its end, allow: `[1, 64, 16, 1, 1]` becomes `[64, 16, 1, 1]` for 2.
package func withoutLeadingUnits(_ shape: [Int], rank: Int) -> [Int] {
  guard shape.count > rank, shape.first == 1 else { return shape }
  let trailing = shape.reversed().prefix { $0 == 1 }.count
  let excess = max(rank, shape.count - trailing) - rank
  return Array(shape.dropFirst(min(excess, shape.prefix { $0 == 1 }.count)))
}

/// A shape in readable form: `96x1x7x7`, or `scalar` if there are no dimensions.
package func readableShape(_ shape: [Int]) -> String {
  shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "x")
}

/// The strides, in elements, of a row-major tensor without gaps.
///
/// `shape` must have an element count. Strides of an empty tensor have no meaning; instead of
/// overflowing, they stop at the largest number.
package func contiguousStrides(of shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: shape.count)
  var next = 1
  for dimension in shape.indices.reversed() {
    strides[dimension] = next
    let (product, overflows) = next.multipliedReportingOverflow(by: max(1, shape[dimension]))
    next = overflows ? .max : product
  }
  return strides
}

/// Channels, height and width of a feature map in readable form; for a single position, only its
/// channels.
package func readableMap(_ shape: [Int]) -> String {
  readableShape(shape.count == 3 && shape[1] == 1 && shape[2] == 1 ? [shape[0]] : shape)
}
