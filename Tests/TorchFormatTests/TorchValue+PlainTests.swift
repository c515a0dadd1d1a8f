import TestSupport
import Testing

@testable import TorchFormat

@Suite("TorchValue: values without tensors")
struct TorchValuePlainTests {
  private func dictionary(_ entries: KeyValuePairs<String, TorchValue>) -> TorchValue {
    .dictionary(
      TorchDictionary(
        entries: entries.map { TorchDictionary.Entry(key: .string($0.key), value: $0.value) },
        attributes: nil))
  }

  @Test("entries that hold something, and no tensor at any depth, are named in the file's order")
  func names() {
    let object = TorchObject(
      GlobalName(module: "argparse", name: "Namespace"),
      state: dictionary(["lr": .float(0.1)]))
    let holder = TorchObject(GlobalName(module: "m", name: "C"), state: .tensor(0))
    let root = dictionary([
      "state_dict": dictionary(["w": .tensor(0)]), "epoch": .integer(7), "args": .object(object),
      "optimizer": .list([dictionary(["exp_avg": .tensor(1)])]), "scaler": dictionary([:]),
      "best": .none, "classes": .tuple([.string("cat")]), "module": .object(holder),
      "lost": .unsupportedTensor(0),
    ])
    #expect(TorchValue.namesOfPlainValues(in: root) == ["epoch", "args", "classes"])
    #expect(TorchValue.namesOfPlainValues(in: .list([.integer(1)])) == [])
  }

  @Test("what is shared along very many paths is not gone through")
  func shared() {
    var value = TorchValue.list([.integer(1)])
    for _ in 0..<60 { value = .list([value, value]) }
    #expect(TorchValue.namesOfPlainValues(in: dictionary(["x": value])) == [])
  }

  @Test("of very many entries that share a long list the first are named")
  func manyEntries() {
    let list = TorchValue.list([TorchValue](repeating: .none, count: 9000))
    let entries = (0..<1000).map { index in
      TorchDictionary.Entry(key: .string("\(index)"), value: list)
    }
    let root = TorchValue.dictionary(TorchDictionary(entries: entries, attributes: nil))
    #expect(TorchValue.namesOfPlainValues(in: root).count == 111)
  }
}
