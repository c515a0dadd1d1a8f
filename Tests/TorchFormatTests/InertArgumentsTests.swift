import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Arguments of what is not called")
struct InertArgumentsTests: TensorArchives {
  private static let range = P.call(P.global("builtins", "range"), P.integer(100_000_000))
  private static let newobj: [UInt8] = [0x81]

  /// Python writes out what the arguments stand for, opens what they name, or calls them.
  @Test(
    "calls that make much of little, or act on their arguments, are refused",
    arguments: [
      P.call(P.global("builtins", "list"), range), P.call(P.global("builtins", "tuple"), range),
      P.call(P.global("builtins", "set"), range), P.call(P.global("builtins", "frozenset"), range),
      P.call(P.global("builtins", "dict"), range), P.call(P.global("collections", "deque"), range),
      P.call(P.global("collections", "Counter"), range),
      P.call(
        P.global("collections", "defaultdict"), P.global("builtins", "list"), P.dictionary([:])),
      P.call(P.global("collections", "defaultdict"), P.text("list")),
      P.call(P.global("builtins", "str"), P.list(P.list())),
      P.call(P.global("fractions", "Fraction"), P.text("1e9999999")),
      P.call(P.global("numpy", "float64"), range),
      P.call(P.global("numpy", "ndarray"), P.tuple(integers: [1 << 40])),
      P.call(
        P.global("numpy.core.multiarray", "_reconstruct"), P.global("numpy", "ndarray"),
        P.tuple(integers: [1 << 40]), P.text("b")),
      P.call(
        P.global("copyreg", "_reconstructor"), P.global("argparse", "Namespace"),
        P.global("builtins", "list"), range),
      P.call(
        P.global("copyreg", "_reconstructor"), P.global("argparse", "Namespace"),
        P.global("pytorch_lightning.callbacks", "ModelCheckpoint"), P.text("http://a")),
      P.call(
        P.global("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"),
        P.text("http://a")),
      P.global("lightning.pytorch.callbacks", "ModelCheckpoint") + P.ascii(")") + newobj,
      P.call(
        P.global("copyreg", "_reconstructor"),
        P.global("lightning.pytorch.callbacks", "ModelCheckpoint"), P.global("builtins", "object"),
        P.none),
      P.call(
        P.global("torch.nn.modules.linear", "Linear"), P.integer(1 << 20), P.integer(1 << 20)),
      P.call(
        P.global("numpy.random._pickle", "__generator_ctor"), P.text("a"),
        P.global("functools", "partial")),
    ] as [[UInt8]])
  func refused(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
  }

  @Test("what Lightning's checkpoints use as a key is not built either")
  func builtReference() {
    let key = P.global("pytorch_lightning.callbacks", "ModelCheckpoint")
    let state = P.dictionary(["dirpath": P.text("http://a")])
    #expect(failure(P.list(key + state + P.ascii("b")))?.rule == "pickle-container")
    #expect(failure(P.ascii("}") + key + state + P.ascii("s")) == nil)
  }

  @Test(
    "calls as programs write them are named values",
    arguments: [
      P.call(P.global("builtins", "list"), P.list(P.none)),
      P.call(P.global("builtins", "complex"), P.integer(1), P.integer(2)), range,
      P.call(P.global("fractions", "Fraction"), P.integer(1), P.integer(3)),
      P.call(P.global("fractions", "Fraction"), P.text("-1/3")),
      P.call(P.global("decimal", "Decimal"), P.text("1e-5")),
      P.call(P.global("collections", "Counter"), P.dictionary(["a": P.integer(1)])),
      P.call(P.global("collections", "defaultdict")),
      P.call(P.global("collections", "defaultdict"), P.none),
      P.call(
        P.global("collections", "defaultdict"),
        P.call(P.global("functools", "partial"), P.global("collections", "deque"))),
      P.call(
        P.global("numpy.core.multiarray", "_reconstruct"), P.global("numpy", "ndarray"),
        P.tuple(integers: [0]), P.text("b")),
      P.call(
        P.global("copyreg", "_reconstructor"), P.global("yacs.config", "CfgNode"),
        P.global("builtins", "dict"), P.dictionary([:])),
      P.global("torch.nn.modules.linear", "Linear") + P.ascii(")") + newobj + P.dictionary([:])
        + P.ascii("b"),
      P.call(
        P.global("numpy.random._pickle", "__generator_ctor"),
        P.call(
          P.global("numpy.random._pickle", "__bit_generator_ctor"),
          P.global("numpy.random._pcg64", "PCG64"))),
      P.call(
        P.global("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence"),
        P.global("numpy.random.bit_generator", "SeedSequence"), P.integer(1), P.none),
    ] as [[UInt8]])
  func accepted(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value])) == nil)
  }

  /// `__new__` of these ignores its arguments: Python has nothing where REDUCE gives a model.
  @Test(
    "NEWOBJ with arguments that Python ignores, or of a function, is refused",
    arguments: [
      ("collections", "OrderedDict", P.list(P.tuple(P.text("w"), P.none))),
      ("builtins", "set", P.list(P.none)), ("builtins", "list", P.list(P.none)),
      ("builtins", "dict", P.dictionary(["w": P.none])),
      ("collections", "Counter", P.dictionary(["w": P.none])),
      ("yacs.config", "CfgNode", P.dictionary(["w": P.none])),
      ("types", "SimpleNamespace", P.dictionary(["w": P.none])),
    ])
  func newArguments(_ module: String, _ name: String, _ argument: [UInt8]) {
    let made = P.global(module, name) + P.tuple(argument) + Self.newobj
    #expect(
      failure(P.dictionary(["x": made]))?.reason == .newArguments(class: "\(module).\(name)"))
    let empty = P.global(module, name) + P.ascii(")") + Self.newobj
    #expect(failure(P.dictionary(["x": empty])) == nil)
  }

  @Test("NEWOBJ does not call functions")
  func newFunction() {
    let function = P.global("_codecs", "encode") + P.tuple(P.text("a"), P.text("latin1"))
    #expect(failure(P.list(function + P.ascii("R"))) == nil)
    #expect(failure(P.list(function + Self.newobj))?.reason == .notCallable(found: "encode"))
    let size = P.global("torch", "Size") + P.tuple(P.tuple(integers: [1, 2]))
    #expect(failure(P.list(size + Self.newobj)) == nil)
  }

  @Test("what NEWOBJ gives a class that is not known is kept")
  func newUnknown() throws {
    let made = P.global("mine", "Point") + P.tuple(P.tensor()) + Self.newobj
    let file = try open(
      P.dictionary(["x": made]), options: TorchReadingOptions(skipsUnknownGlobals: true))
    #expect(file.tensors.map(\.name.string) == ["x.0"])
  }
}
