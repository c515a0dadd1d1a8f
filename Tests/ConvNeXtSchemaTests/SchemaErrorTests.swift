import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("SchemaError")
struct SchemaErrorTests {
  @Test(
    "a classifier behind a dropout is named, with the rule that makes it one",
    arguments: [
      ("timm tiny", "head.fc", "^head\\.fc\\.1\\. head.fc."),
      ("torchvision tiny", "classifier.2", "^classifier\\.2\\.1\\. classifier.2."),
      ("facebook tiny", "head", "^head\\.1\\. head."),
    ])
  func sequentialClassifier(model: String, classifier: String, rule: String) throws {
    let tensors = try Gold.tensors(model).map { info in
      TensorInfo(
        name: TensorName(
          info.name.string.replacing("\(classifier).weight", with: "\(classifier).1.weight")
            .replacing("\(classifier).bias", with: "\(classifier).1.bias")),
        elementType: info.elementType, shape: info.shape)
    }
    let match = try ModelMatcher(inputs(tensors)).match()
    #expect(match.extraNames.count == 2)
    let error = SchemaError.doesNotFit(model: "m", problems: match.problems)
    #expect(error.hint?.contains("'\(rule)'") == true)
    let plain = SchemaError.doesNotFit(
      model: "m", problems: [.extra(name: "neck.1.weight", shape: [2, 2], nearest: nil)])
    #expect(plain.hint?.contains("--allow-extra") == true)
  }
}
