import ByteIO
import TensorModel

/// What a pickle says about a tensor besides where its elements are: whether it is trained, and the
/// bits of its view.
extension PickleMachine {
  /// Throws where `requires_grad` is not a value that PyTorch sets: it accepts true for
  /// floating-point and complex numbers only (`THPVariable_set_requires_grad` of
  /// `torch/csrc/autograd/python_variable.cpp`).
  func requireGradientFlag(
    _ flag: PickleValue, of elementType: ElementType?, in name: String
  ) throws(TorchError) {
    guard case .bool(let isRequired) = flag else {
      throw refused(name, "a truth value as requires_grad, found \(flag.kind)")
    }
    guard isRequired, let elementType else { return }
    guard elementType.isFloatingPoint || elementType.isComplex else {
      throw refused(
        name,
        "requires_grad as true for floating-point and complex numbers only, found "
          + elementType.name)
    }
  }

  /// The metadata's conjugate and negative bits; other keys mean nothing for the elements.
  ///
  /// PyTorch sets a bit if its key is there, whatever the value (`setTensorMetadata` of
  /// `torch/csrc/jit/serialization/pickler.h`), and writes no value other than true.
  mutating func operation(
    _ name: String, _ metadata: PickleValue, _ elementType: ElementType
  ) throws(TorchError) -> Tensor.Operation {
    guard case .dictionary(let dictionary) = metadata else {
      guard case .none = metadata else { throw refused(name, "a dictionary as metadata") }
      return .none
    }
    try countCopy(byteCount: dictionary.entries.pairs.count * MemoryLayout<PickleValue>.stride)
    var conjugates = false
    var negates = false
    for (key, value) in dictionary.entries.pairs {
      guard case .text(let key) = key else { throw refused(name, "metadata with texts for keys") }
      let isConjugate = key.hasBytes(of: "conj")
      guard isConjugate || key.hasBytes(of: "neg") else { continue }
      guard case .bool(true) = value, !isConjugate || elementType.isComplex else {
        throw refused(name, "'conj' of complex numbers, or 'neg', as true")
      }
      if isConjugate { conjugates = true } else { negates = true }
    }
    return switch (conjugates, negates) {
    case (false, false): .none
    case (true, false): .conjugate
    case (false, true): .negate
    case (true, true): .conjugateAndNegate
    }
  }
}

extension Tensor.Operation {
  /// Whether the signs of real numbers are flipped.
  var negates: Bool { self == .negate || self == .conjugateAndNegate }
}
