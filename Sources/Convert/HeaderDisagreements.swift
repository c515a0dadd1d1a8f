import ByteIO
import ConvNeXtSchema
import NativeFormat

extension ModelMatch {
  /// Where the header of a `.convnext` file says something else than its tensors, in sentences; none
  /// where the tensors are no whole model.
  func disagreements(with model: ModelDescription) -> [String] {
    guard isComplete else { return [] }
    let list = { (values: [Int]) in values.map(String.init).joined(separator: ",") }
    let count = { (classes: Int?) in classes.map(String.init) ?? "none" }
    let rows = [
      ("version", String(model.version), String(architecture.version)),
      ("depths", list(model.depths), list(architecture.depths)),
      ("widths", list(model.widths), list(architecture.widths)),
      ("classes", count(model.classes), count(architecture.head.classes)),
    ]
    var sentences = rows.filter { $0.1 != $0.2 }.map { name, said, found in
      "the header says \(name) \(said), the tensors have \(found)"
    }
    if let name = model.missingTensors.first {
      sentences.append("the header says that \(quoted(name)) is missing, and no tensor is")
    }
    return sentences
  }
}
