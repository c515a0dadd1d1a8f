import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("TorchScript archives")
struct TorchScriptTests {
  private func object(_ name: String, _ attributes: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    P.global("__torch__", name) + P.ascii(")") + [0x81] + P.dictionary(attributes) + P.ascii("b")
  }

  @Test("objects are trees of attributes, and constants have storages of their own")
  func reads() throws {
    let sizes = P.call(
      P.global("torch.jit._pickle", "build_intlist"), P.list(P.integer(3), P.integer(4)))
    let tagged = P.call(
      P.global("torch.jit._pickle", "restore_type_tag"), P.list(P.tensor()), P.text("List[Tensor]"))
    let root = object(
      "Net",
      [
        "training": P.no, "conv": object("Conv2d", ["weight": P.tensor()]), "sizes": sizes,
        "list": tagged,
      ])
    let members =
      ZipBytes.members(P.pickle(root), storages: ["0": floats(1, 2, 3, 4)]) + [
        ZipBytes.Member("a/constants.pkl", P.pickle(P.tuple(P.tensor()))),
        ZipBytes.Member("a/constants/0", floats(5, 6, 7, 8)),
        ZipBytes.Member("a/code/__torch__.py", P.ascii("raise SystemExit")),
      ]
    let file = try TorchFile(ZipBytes.archive(members))
    #expect(file.container == .torchScript)
    #expect(TorchScan(ZipBytes.archive(members)).hasProgram)
    #expect(!TorchScan(ZipBytes.archive(members.dropLast())).hasProgram)
    let package = members.dropLast() + [ZipBytes.Member("a/net/__init__.py", P.ascii("import os"))]
    #expect(TorchScan(ZipBytes.archive(Array(package))).hasProgram)
    #expect(file.tensors.map(\.name.string) == ["conv.weight", "list.0", "constants.0"])
    // Constants of the program are no part of the model.
    #expect(file.dictionaryPaths == ["", "", "constants"])
    #expect(
      try file.tensors.map { try $0.contiguousBytes().array } == [
        floats(1, 2, 3, 4), floats(1, 2, 3, 4), floats(5, 6, 7, 8),
      ])
    #expect(
      file.globals.filter { $0.verdict == .inert }.map(\.globalName.name) == ["Net", "Conv2d"])
    guard case .object(let net) = file.root, case .dictionary(let state)? = net.state else {
      Issue.record("the root is no object")
      return
    }
    #expect(state["sizes"] == .list([.integer(3), .integer(4)]))
  }
}
