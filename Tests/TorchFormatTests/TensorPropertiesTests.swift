import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("What a pickle sets on tensors")
struct TensorPropertiesTests: TensorArchives {
  /// `_rebuild_parameter_with_state(tensor, True, hooks, state)`.
  private func parameter(_ tensor: [UInt8] = P.tensor(), state: [UInt8]) -> [UInt8] {
    P.call(
      P.global("torch._utils", "_rebuild_parameter_with_state"), tensor, P.yes,
      P.orderedDictionary, state)
  }

  /// `_rebuild_from_type_v2(_rebuild_tensor_v2, Tensor, arguments, state)`.
  private func typed(state: [UInt8]) -> [UInt8] {
    P.call(
      P.global("torch._tensor", "_rebuild_from_type_v2"),
      P.global("torch._utils", "_rebuild_tensor_v2"), P.global("torch", "Tensor"),
      P.tuple(
        P.storage(), P.integer(0), P.tuple(integers: [4]), P.tuple(integers: [1]), P.no,
        P.orderedDictionary), state)
  }

  /// PyTorch sets every entry of the state on the tensor: `w.data` would be other elements.
  @Test(
    "a state that sets a tensor's own properties is refused",
    arguments: [
      "data", "real", "imag", "grad", "_grad", "__class__", "__dict__", "requires_grad", "shape",
    ])
  func statesOfProperties(_ name: String) {
    let attributes = P.dictionary([name: P.tensor()])
    let states = [
      attributes, P.tuple(attributes, P.none), P.tuple(P.none, attributes),
      P.tuple(P.dictionary(["a": P.yes]), attributes),
    ]
    for state in states {
      for value in [parameter(state: state), typed(state: state)] {
        #expect(failure(P.dictionary(["w": value]))?.rule == "pickle-argument")
      }
    }
  }

  /// An Enum, a dataclass: whoever lets what is not known pass has chosen to.
  @Test("an attribute of a class that is not known is in order where such are let pass")
  func unknownAttributes() throws {
    let value = P.global("mine", "Group") + P.tuple(P.integer(1)) + P.ascii("R")
    var options = TorchReadingOptions()
    options.skipsUnknownGlobals = true
    let file = try open(
      P.dictionary(["w": parameter(state: P.dictionary(["group": value]))]), options: options)
    #expect(file.tensors.map(\.name.string) == ["w"])
  }

  @Test("a state is a dictionary of texts, a pair of two, or nothing")
  func states() throws {
    let plain = P.dictionary(["init_range": P.integer(1), "more": P.tensor()])
    for state in [plain, P.tuple(plain, P.none), P.tuple(P.dictionary([:]), plain)] {
      for value in [parameter(state: state), typed(state: state)] {
        let file = try open(P.dictionary(["w": value]))
        #expect(file.tensors.map(\.name.string) == ["w", "w.__dict__.more"])
      }
    }
    for state in [P.none, P.dictionary([:]), P.tuple(P.none, P.none)] {
      #expect(try open(P.dictionary(["w": parameter(state: state)])).tensors.count == 1)
    }
    let wrong = [
      P.tuple(plain), P.tuple(plain, plain, plain), P.list(plain), P.text("a"),
      P.ascii("}(") + P.integer(1) + P.yes + P.ascii("u"),
    ]
    for state in wrong {
      #expect(failure(P.dictionary(["w": parameter(state: state)]))?.rule == "pickle-argument")
    }
  }

  @Test("a state within a state is not lost")
  func nestedStates() throws {
    let inner = typed(state: P.dictionary(["a": P.tensor()]))
    let file = try open(P.dictionary(["w": parameter(inner, state: P.none)]))
    #expect(file.tensors.map(\.name.string) == ["w", "w.__dict__.a"])
    let both = parameter(inner, state: P.dictionary(["b": P.yes]))
    #expect(failure(P.dictionary(["w": both]))?.rule == "pickle-argument")
  }

  /// PyTorch goes by the key alone, so any other value would be read in two ways.
  @Test("metadata flips signs by true, and by nothing else")
  func metadata() throws {
    let negated = try open(
      P.dictionary(["w": P.tensor(metadata: P.dictionary(["neg": P.yes, "other": P.no]))]))
    #expect(negated.tensors.first?.layout.operation == .negate)
    let wrong = [
      P.dictionary(["neg": P.no]), P.dictionary(["neg": P.integer(1)]),
      P.dictionary(["neg": P.none]), P.dictionary(["conj": P.no]), P.dictionary(["conj": P.yes]),
      P.ascii("}(C") + [3] + P.ascii("neg") + P.yes + P.ascii("u"),
    ]
    for metadata in wrong {
      let value = P.dictionary(["w": P.tensor(metadata: metadata)])
      #expect(failure(value)?.rule == "pickle-argument")
    }
    let complex = P.storage(count: 2, kind: "ComplexFloatStorage")
    let conjugated = try open(
      P.dictionary([
        "w": P.tensor(complex, shape: [2], metadata: P.dictionary(["conj": P.yes]))
      ]))
    #expect(conjugated.tensors.first?.layout.operation == .conjugate)
  }
}
