import ByteIO
import TensorModel

extension SafetensorsHeader {
  /// The entries in the order of their bytes, checked against one another and against the data.
  ///
  /// Together they must cover the data exactly: no holes, no overlaps, nothing left over.
  func entriesInDataOrder(
    dataOffset: Int, fileByteCount: Int
  ) throws(SafetensorsError) -> [Entry] {
    let entries = sortedEntries()
    var expected: UInt64 = 0
    for entry in entries {
      try entry.checkRange(expectedBegin: expected)
      try entry.checkSize()
      expected = entry.end
    }
    let found = UInt64(fileByteCount - dataOffset)
    if expected > found {
      throw .truncated(missingByteCount: expected - found, fileByteCount: fileByteCount)
    }
    if expected < found {
      throw .trailingBytes(
        byteCount: Int(found - expected), fileOffset: dataOffset + Int(expected))
    }
    return entries
  }

  /// The entries, sorted by where their ranges start and then by where they end; empty tensors at
  /// the same place keep the header's order.
  private func sortedEntries() -> [Entry] {
    let isSorted = entries.indices.dropFirst().allSatisfy { index in
      let (left, right) = (entries[index - 1], entries[index])
      return (left.begin, left.end) <= (right.begin, right.end)
    }
    if isSorted { return entries }
    return entries.sorted { left, right in
      (left.begin, left.end, UInt64(left.fileOffset))
        < (right.begin, right.end, UInt64(right.fileOffset))
    }
  }
}

extension SafetensorsHeader.Entry {
  fileprivate func checkRange(expectedBegin: UInt64) throws(SafetensorsError) {
    if end < begin {
      throw .endBeforeBegin(name, begin: begin, end: end, fileOffset: fileOffset)
    }
    if begin > expectedBegin {
      throw .gap(name, begin: begin, expected: expectedBegin, fileOffset: fileOffset)
    }
    if begin < expectedBegin {
      throw .overlap(name, begin: begin, expected: expectedBegin, fileOffset: fileOffset)
    }
  }

  fileprivate func checkSize() throws(SafetensorsError) {
    var elementCount: UInt64 = 1
    for dimension in shape {
      let (product, overflows) = elementCount.multipliedReportingOverflow(by: dimension)
      if overflows { throw sizeOverflow }
      elementCount = product
    }
    // Elements of whole bytes are counted in bytes, which overflows later; packed types in bits.
    let unit = elementType.byteWidth ?? elementType.bitWidth
    let (units, overflows) = elementCount.multipliedReportingOverflow(by: UInt64(unit))
    if overflows { throw sizeOverflow }
    guard elementType.byteWidth != nil || units % 8 == 0 else {
      throw .partialByte(name, elementType, shape: shape, bitCount: units, fileOffset: fileOffset)
    }
    let needed = elementType.byteWidth == nil ? units / 8 : units
    guard needed == end - begin else {
      throw .sizeMismatch(
        name, elementType, shape: shape, neededByteCount: needed, rangeByteCount: end - begin,
        fileOffset: fileOffset)
    }
  }

  private var sizeOverflow: SafetensorsError {
    .sizeOverflow(name, elementType, shape: shape, fileOffset: fileOffset)
  }

  /// The tensor of a validated entry.
  ///
  /// Throws for empty tensors where a dimension, or the product of those before the 0, exceeds 63
  /// bits; the reference allows these because its numbers are unsigned.
  func tensor(in region: ByteRegion, dataOffset: Int) throws(SafetensorsError) -> Tensor {
    let dimensions = shape.compactMap { Int(exactly: $0) }
    guard dimensions.count == shape.count,
      let bytes = region.slice(offset: dataOffset + Int(begin), byteCount: Int(end - begin)),
      let tensor = try? Tensor(
        name: name, elementType: elementType, shape: dimensions, storage: RegionStorage(bytes))
    else { throw .shapeTooLarge(name, shape: shape, fileOffset: fileOffset) }
    return tensor
  }
}
