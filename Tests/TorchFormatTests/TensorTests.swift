import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Tensors of a TorchFile")
struct TensorTests: TensorArchives {
  @Test("parameters and tensors with attributes are tensors")
  func wrappers() throws {
    let parameter = P.call(
      P.global("torch._utils", "_rebuild_parameter"), P.tensor(), P.yes, P.orderedDictionary)
    let stateful = P.call(
      P.global("torch._utils", "_rebuild_parameter_with_state"), P.tensor(), P.yes,
      P.orderedDictionary, P.dictionary(["extra": P.tensor()]))
    let typed = P.call(
      P.global("torch._tensor", "_rebuild_from_type_v2"),
      P.global("torch._utils", "_rebuild_tensor_v2"), P.global("torch", "Tensor"),
      P.tuple(
        P.storage(), P.integer(0), P.tuple(integers: [2, 2]), P.tuple(integers: [2, 1]), P.no,
        P.orderedDictionary), P.tuple(P.dictionary(["slot": P.tensor()]), P.dictionary([:])))
    // As PyTorch before 1.12 wrote it.
    let earlier = ["torch._tensor", "torch.tensor"].map {
      P.call(
        P.global($0, "_rebuild_from_type"), P.global("torch._utils", "_rebuild_tensor_v2"),
        P.global("torch", "Tensor"),
        P.tuple(
          P.storage(), P.integer(0), P.tuple(integers: [2, 2]), P.tuple(integers: [2, 1]), P.no,
          P.orderedDictionary), P.dictionary([:]))
    }
    let oldest = P.call(
      P.global("torch._utils", "_rebuild_tensor"), P.storage(), P.integer(0),
      P.tuple(integers: [4]), P.tuple(integers: [1]))
    let file = try open(
      P.dictionary([
        "p": parameter, "s": stateful, "t": typed, "e": earlier[0], "f": earlier[1], "o": oldest,
      ]))
    #expect(
      file.tensors.map(\.name.string) == [
        "p", "s", "s.__dict__.extra", "t", "t.__dict__.slot", "e", "f", "o",
      ])
    #expect(file.tensors[3].shape == [2, 2])
  }

  @Test("conjugate and negative bits are applied")
  func operations() throws {
    let metadata: [(KeyValuePairs<String, [UInt8]>, Tensor.Operation, [UInt8])] = [
      ([:], .none, floats(1, -2, 0.5, 3.25)),
      (["conj": P.yes], .conjugate, floats(1, 2, 0.5, -3.25)),
      (["neg": P.yes], .negate, floats(-1, 2, -0.5, -3.25)),
      (["conj": P.yes, "neg": P.yes], .conjugateAndNegate, floats(-1, -2, -0.5, 3.25)),
    ]
    for (metadata, operation, elements) in metadata {
      let storage = P.storage(count: 2, kind: "ComplexFloatStorage")
      let value = P.tensor(storage, shape: [2], metadata: P.dictionary(metadata))
      let tensor = try #require(try open(P.dictionary(["c": value])).tensors.first)
      #expect(tensor.layout.operation == operation)
      #expect(try tensor.contiguousBytes().array == elements)
    }
  }

  @Test(
    "a negated view of numbers without a sign bit cannot be read",
    arguments: [
      ("float8_e4m3fnuz", "F8_E4M3FNUZ"), ("float8_e5m2fnuz", "F8_E5M2FNUZ"),
      ("float8_e8m0fnu", "F8_E8M0"), ("float4_e2m1fn_x2", "F4"), ("bool", "BOOL"),
      ("uint16", "U16"), ("uint32", "U32"), ("uint64", "U64"),
    ])
  func negationWithoutSign(_ type: (torch: String, name: String)) throws {
    let value = P.typedTensor(
      P.storage(count: 2, kind: "UntypedStorage"), type.torch, shape: [2], strides: [1],
      metadata: P.dictionary(["neg": P.yes]))
    let file = try open(P.dictionary(["t": value]), storages: ["0": [0, 1]])
    #expect(file.tensors.isEmpty)
    let unsupported = try #require(file.unsupportedTensors.first)
    #expect(unsupported.description == "a negated view of \(type.name) elements")
    #expect(unsupported.error.category == .unsupported)
  }

  @Test("a negated view of 8-bit floats with a sign bit is read")
  func negatedSmallFloats() throws {
    let value = P.typedTensor(
      P.storage(count: 2, kind: "UntypedStorage"), "float8_e4m3fn", shape: [2], strides: [1],
      metadata: P.dictionary(["neg": P.yes]))
    let file = try open(P.dictionary(["t": value]), storages: ["0": [0, 1]])
    #expect(try file.tensors.first?.contiguousBytes().array == [0x80, 0x81])
  }

  static let types: [(String, ElementType)] = TorchElementTypes.byName.sorted { $0.key < $1.key }
    .filter { $0.key != "float4_e2m1fn_x2" }.map { ($0.key, $0.value) }

  @Test("element types that a tensor names itself", arguments: types)
  func namedTypes(_ name: String, _ elementType: ElementType) throws {
    let width = elementType.bitWidth / 8
    let tensor = P.typedTensor(
      P.storage(count: 2 * width, kind: "UntypedStorage"), name, shape: [2], strides: [1])
    let file = try open(
      P.dictionary(["t": tensor]), storages: ["0": [UInt8](repeating: 3, count: 2 * width)])
    #expect(file.tensors.map(\.elementType) == [elementType])
    #expect(file.tensors.map(\.byteCount) == [2 * width])
  }

  @Test("two 4-bit elements a byte are counted singly")
  func packedElements() throws {
    let storage = P.storage(count: 6, kind: "UntypedStorage")
    let plain = P.typedTensor(storage, "float4_e2m1fn_x2", shape: [2, 3], strides: [3, 1])
    let strided = P.typedTensor(storage, "float4_e2m1fn_x2", shape: [3, 2], strides: [1, 3])
    let file = try open(
      P.dictionary(["p": plain, "s": strided]), storages: ["0": [1, 2, 3, 4, 5, 6]])
    #expect(file.tensors.map(\.shape) == [[2, 6]])
    #expect(file.tensors.map(\.elementType) == [.float4])
    #expect(
      file.unsupportedTensors.map(\.description) == ["a strided tensor of torch.float4_e2m1fn_x2"])
  }

  static let storageClasses = StorageClass.byName.values.sorted { $0.name < $1.name }

  @Test("storage classes give the element type", arguments: storageClasses.map(\.name))
  func storageTypes(_ name: String) throws {
    let storageClass = try #require(StorageClass.byName[name])
    let tensor = P.tensor(P.storage(count: 4, kind: name))
    let file = try open(
      P.dictionary(["t": tensor]),
      storages: ["0": [UInt8](repeating: 1, count: 4 * storageClass.elementByteCount)])
    #expect(file.tensors.map(\.elementType) == (storageClass.elementType.map { [$0] } ?? []))
    #expect(file.unsupportedTensors.count == (storageClass.elementType == nil ? 1 : 0))
  }

  @Test("tensors that cannot be read are listed with what they are")
  func unsupported() throws {
    let quantized = P.call(
      P.global("torch._utils", "_rebuild_qtensor"), P.storage(kind: "QUInt8Storage"),
      P.integer(0), P.tuple(integers: [4]), P.tuple(integers: [1]),
      P.tuple(P.global("torch", "per_tensor_affine"), P.integer(1), P.integer(0)), P.no,
      P.orderedDictionary)
    let sparse = P.call(
      P.global("torch._utils", "_rebuild_sparse_tensor"),
      P.call(P.global("torch.serialization", "_get_layout"), P.text("torch.sparse_coo")),
      P.tuple(P.none))
    let meta = P.call(P.global("torch._utils", "_rebuild_meta_tensor_no_storage"), P.none)
    let nested = P.call(P.global("torch._utils", "_rebuild_nested_tensor"), P.none)
    let bits = P.typedTensor(P.storage(), "bits8", shape: [4], strides: [1])
    let value = P.dictionary([
      "q": quantized, "s": sparse, "m": meta, "n": nested,
    ])
    let file = try open(value, storages: ["0": [1, 2, 3, 4]])
    #expect(
      file.unsupportedTensors.map(\.description) == [
        "a quantized tensor (QUInt8Storage, torch.per_tensor_affine)",
        "a sparse tensor (torch.sparse_coo)", "a tensor without data (device meta)",
        "a tensor nested",
      ])
    let error = try #require(file.unsupportedTensors.first?.error)
    #expect(error.category == .unsupported)
    #expect(error.place.tensor == "q")
    #expect(
      error.reason
        == .tensorUnsupported(
          description: "a quantized tensor (QUInt8Storage, torch.per_tensor_affine)"))
    guard case .dictionary(let root) = file.root else {
      Issue.record("the root is \(file.root)")
      return
    }
    #expect(root["m"] == .unsupportedTensor(2))
    #expect(
      try open(P.dictionary(["b": bits])).unsupportedTensors.map(\.description) == [
        "a tensor of torch.bits8"
      ])
  }

  @Test("big-endian archives are swapped by the tensor's own elements")
  func bigEndian() throws {
    let file = try open(
      P.dictionary([
        "f": P.tensor(P.storage("0", count: 1), shape: [1]),
        "u": P.typedTensor(
          P.storage("1", count: 4, kind: "UntypedStorage"), "uint16", shape: [2], strides: [1]),
        "b": P.tensor(P.storage("2", count: 2, kind: "ByteStorage"), shape: [2]),
      ]),
      storages: ["0": [1, 2, 3, 4], "1": [1, 2, 3, 4], "2": [1, 2]], byteOrder: "big")
    #expect(file.isBigEndian)
    #expect(
      try file.tensors.map { try $0.contiguousBytes().array } == [
        [4, 3, 2, 1], [2, 1, 4, 3], [1, 2],
      ])
  }

  @Test("tensors without elements may have any sizes beside the zero")
  func empty() throws {
    let file = try open(P.dictionary(["e": P.tensor(shape: [0, 1 << 40], strides: [1, 1])]))
    #expect(file.tensors.map(\.byteCount) == [0])
  }

  @Test("a part of an empty tensor begins anywhere, as in torch.empty(2, 0)[1]")
  func emptyPart() throws {
    let file = try open(P.dictionary(["e": P.tensor(shape: [0], offset: 5)]))
    #expect(try file.tensors.map { try $0.contiguousBytes().array } == [[]])
  }

  static let refusals:
    [(name: String, value: [UInt8], reason: TorchError.Reason, tensor: String?)] =
      [
        (
          "arguments", P.call(P.global("torch._utils", "_rebuild_tensor_v2"), P.storage()),
          .arguments(
            function: "_rebuild_tensor_v2", expected: "7 arguments, a storage first"), nil
        ),
        (
          "type of v3", P.typedTensor(P.storage(), "Size", shape: [4], strides: [1]),
          .arguments(
            function: "_rebuild_tensor_v3", expected: "an element type as argument 7"), nil
        ),
        (
          "metadata", P.tensor(metadata: P.integer(1)),
          .arguments(function: "_rebuild_tensor_v2", expected: "a dictionary as metadata"), nil
        ),
        (
          "parameter", P.call(P.global("torch._utils", "_rebuild_parameter"), P.none, P.no, P.none),
          .arguments(function: "_rebuild_parameter", expected: "3 arguments, a tensor first"), nil
        ),
        (
          "trampoline",
          P.call(
            P.global("torch._tensor", "_rebuild_from_type_v2"), P.global("torch", "Size"),
            P.global("torch", "Tensor"), P.tuple(P.none), P.none),
          .arguments(
            function: "_rebuild_from_type_v2",
            expected: "a function that makes tensors, a class, arguments and a state"), nil
        ),
        (
          "negative size", P.tensor(shape: [-1]),
          .tensorShape(expected: "sizes that are whole numbers from 0"), nil
        ),
        (
          "negative stride", P.tensor(strides: [-1]),
          .tensorShape(expected: "strides that are whole numbers from 0"), nil
        ),
        (
          "negative offset", P.tensor(offset: -1),
          .tensorShape(expected: "an offset that is a whole number from 0"), nil
        ),
        (
          "rank", P.tensor(shape: [2, 2]), .tensorShape(expected: "one stride for each of 2 sizes"),
          nil
        ),
        (
          "no truth value as requires_grad", P.tensor(requiresGradient: P.none),
          .arguments(
            function: "_rebuild_tensor_v2",
            expected: "a truth value as requires_grad, found None"), nil
        ),
        (
          "a gradient of whole numbers",
          P.tensor(P.storage("1", count: 4, kind: "LongStorage"), requiresGradient: P.yes),
          .arguments(
            function: "_rebuild_tensor_v2",
            expected: "requires_grad as true for floating-point and complex numbers only, found I64"
          ), nil
        ),
        (
          "dimensions",
          P.tensor(
            shape: [Int](repeating: 1, count: 65), strides: [Int](repeating: 1, count: 65)),
          .tensorRank(count: 65, limit: 64), nil
        ),
        (
          "bounds", P.tensor(shape: [5]),
          .tensorLayout(.outOfBounds(neededByteCount: 20, storageByteCount: 16)), "w"
        ),
        (
          "overflow", P.tensor(shape: [1 << 32, 1 << 32], strides: [0, 0]),
          .tensorLayout(.shapeOverflows), "w"
        ),
        (
          "element width",
          P.typedTensor(
            P.storage("1", count: 3, kind: "UntypedStorage"), "uint16", shape: [1], strides: [1]),
          .tensorElementWidth(storageByteCount: 3, elementByteCount: 2), "w"
        ),
        (
          "key", P.tensor(P.storage("../0")), .storageKey("../0"), nil
        ),
        (
          "a Kelvin sign as a key", P.tensor(P.storage("\u{212A}")), .storageKey("\u{212A}"), nil
        ),
        ("missing", P.tensor(P.storage("7")), .storageMissing(key: "7"), nil),
        (
          "size", P.tensor(P.storage(count: 3), shape: [3]),
          .storageByteCount(key: "0", declared: 12, found: 16), nil
        ),
        (
          "huge", P.tensor(P.storage(count: 1 << 62), shape: [3]),
          .storageTooLarge(key: "0", elementCount: 1 << 62), nil
        ),
        (
          "count", P.tensor(P.storage(count: -1)),
          .persistentID(expected: "a whole number from 0 as the count"), nil
        ),
        (
          "class", P.tensor(P.storage(kind: "Size")),
          .persistentID(expected: "a storage class, found the global 'torch.Size'"), nil
        ),
        (
          "location", P.tensor(P.storage(location: "meta")),
          .persistentID(
            expected: "a device with data, found 'meta', where PyTorch leaves the bytes out"), nil
        ),
        (
          "id", P.none + P.ascii("Q"), .persistentID(expected: "a tuple, found None"), nil
        ),
        (
          "parts", P.storage(more: P.none), .persistentID(expected: "5 parts, found 6"), nil
        ),
        (
          "module", P.tuple(P.text("module"), P.none, P.none, P.none) + P.ascii("Q"),
          .persistentID(expected: "'storage' first"), nil
        ),
      ]

  @Test("descriptions that do not fit are refused", arguments: refusals)
  func refuses(_ row: (name: String, value: [UInt8], reason: TorchError.Reason, tensor: String?)) {
    let error = failure(
      P.dictionary(["w": row.value]), storages: ["0": Self.data, "1": [1, 2, 3]])
    #expect(error?.reason == row.reason)
    #expect(error?.place.tensor == row.tensor)
    #expect(error?.place.record == "a/data.pkl")
    #expect(error?.place.byteOffset != nil)
  }

  @Test("one storage cannot be described in two ways")
  func conflict() {
    let value = P.dictionary([
      "a": P.tensor(), "b": P.tensor(P.storage(kind: "IntStorage")),
    ])
    #expect(failure(value)?.reason == .storageConflict(key: "0"))
  }

  @Test("a root that holds nothing is no checkpoint")
  func scalarRoot() {
    #expect(failure(P.text("hello")) == TorchError(.notACheckpoint(found: "a string")))
    #expect(failure(P.integer(5)) == TorchError(.notACheckpoint(found: "a whole number")))
    #expect(failure(P.dictionary([:])) == nil)
  }

  @Test("unknown globals are refused, skipped on request, and dangerous ones always refused")
  func globals() throws {
    func value(_ module: String, _ name: String) -> [UInt8] {
      P.dictionary([
        "x": P.global(module, name) + P.ascii(")") + [0x81]
          + P.dictionary(["weight": P.tensor()]) + P.ascii("b")
      ])
    }
    let skipping = TorchReadingOptions(skipsUnknownGlobals: true)
    let offset = 2 + 2 + P.text("x").count
    let unknown = GlobalUse(
      globalName: GlobalName(module: "mymodels.net", name: "Net"), record: "a/data.pkl",
      byteOffset: offset,
      verdict: .unknown)
    #expect(
      failure(value("mymodels.net", "Net"))
        == TorchError(.globalRefused(unknown), record: "a/data.pkl", offset: offset))
    let file = try open(value("mymodels.net", "Net"), options: skipping)
    #expect(file.tensors.map(\.name.string) == ["x.weight"])
    #expect(file.globals.first == unknown)
    let error = TorchFormatTests.failure { () throws(TorchError) in
      try open(value("subprocess", "Popen"), options: skipping)
    }
    #expect(error?.rule == "pickle-global")
    #expect(error?.hint?.contains("skip-unknown") == false)
    #expect(failure(value("mymodels.net", "Net"))?.hint?.contains("--skip-unknown") == true)
  }
}
