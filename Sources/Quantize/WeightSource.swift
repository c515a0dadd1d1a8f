import ByteIO
import TensorModel

/// The elements of a tensor as F32, a block at a time, with details of one that is refused.
struct WeightSource {
  private let tensor: Tensor
  private let name: String
  private var reader: FloatReader
  /// The index of the block's first element.
  private(set) var first = 0
  private var nextFirst = 0

  /// - Parameter name: How errors name the tensor.
  init(_ tensor: Tensor, name: String, elementsPerBlock: Int) throws {
    guard let reader = try FloatReader(tensor, elementsPerBlock: elementsPerBlock) else {
      throw QuantizeError.wrongElementType(tensor: name, found: tensor.elementType)
    }
    self.tensor = tensor
    self.name = name
    self.reader = reader
  }

  mutating func next() -> ByteRegion? {
    first = nextFirst
    guard let block = reader.next() else { return nil }
    nextFirst += block.byteCount / 4
    return block
  }

  /// The first element of the block that `isRefused` accepts: its indices in the tensor, and its
  /// value.
  func element(
    in block: ByteRegion, where isRefused: (Float) -> Bool
  ) -> (index: [Int], value: Float)? {
    for place in 0..<(block.byteCount / 4) {
      let value = block.bytes.unsafeLoadUnaligned(fromByteOffset: 4 * place, as: Float.self)
      if isRefused(value) { return (indices(of: first + place), value) }
    }
    return nil
  }

  private func indices(of element: Int) -> [Int] {
    var rest = element
    return zip(tensor.shape, contiguousStrides(of: tensor.shape)).map { _, stride in
      defer { rest %= stride }
      return rest / stride
    }
  }

  /// Throws if an element of the block, the last one that `next` returned, is not finite.
  ///
  /// - Parameter allowsInfinity: Whether infinite elements of the tensor itself are allowed.
  func requireFinite(_ block: ByteRegion, allowsInfinity: Bool = false) throws {
    let count = block.byteCount / 4
    guard CodeEncoder.largestMagnitude(block.bytes, in: 0..<count) >= 0x7F80_0000 else { return }
    for place in 0..<count {
      let value = block.bytes.unsafeLoadUnaligned(fromByteOffset: 4 * place, as: Float.self)
      if value.isFinite { continue }
      let index = indices(of: first + place)
      if !value.isNaN, let exact = finiteDouble(at: place) {
        throw QuantizeError.beyondFloat32(tensor: name, index: index, value: exact)
      }
      if !(value.isInfinite && allowsInfinity) {
        throw QuantizeError.notFinite(tensor: name, index: index, value: value)
      }
    }
  }

  /// The block that `next` gave last as F64, where the tensor has such weights: F32 holds less of
  /// them.
  var storedDoubles: ByteRegion? { tensor.elementType == .float64 ? reader.storedBytes : nil }

  /// An element of the block that is F64 in the tensor, where it is finite: it may be too large for
  /// F32.
  private func finiteDouble(at place: Int) -> Double? {
    guard let storedDoubles else { return nil }
    let value = storedDoubles.bytes.unsafeLoadUnaligned(fromByteOffset: 8 * place, as: Double.self)
    return value.isFinite ? value : nil
  }
}
