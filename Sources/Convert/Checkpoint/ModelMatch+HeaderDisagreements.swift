import ByteIO
import ConvNeXtSchema
import NativeFormat

extension ModelMatch {
  /// Where the header of a `.convnext` file disagrees with its tensors about the model, in
  /// sentences.
  ///
  /// `problems` shows whether the tensors are a model at all.
  func disagreements(with model: ModelDescription) -> [String] {
    let list = { (values: [Int]) in values.map(String.init).joined(separator: ",") }
    let count = { (classes: Int?) in classes.map(String.init) ?? "none" }
    let rows = [
      ("version", String(model.version), String(architecture.version)),
      ("depths", list(model.depths), list(architecture.depths)),
      ("widths", list(model.widths), list(architecture.widths)),
      ("classes", count(model.classes), count(architecture.head.classes)),
    ]
    return rows.filter { $0.1 != $0.2 }.map { name, said, found in
      "the header says \(name) \(said), the tensors have \(found)"
    } + variantDisagreement(with: model) + featureDisagreements(with: model)
      + missingDisagreements(with: model)
  }

  /// A size that this version does not know may be from a later one, and one without a name from an
  /// earlier one.
  private func variantDisagreement(with model: ModelDescription) -> [String] {
    let named = Variant.all.filter { $0.name == model.variant }
    guard !named.isEmpty, !named.contains(where: { $0.isSize(of: architecture) }) else { return [] }
    let found = Variant(of: architecture).map { quoted($0.name) } ?? "of another size"
    return ["the header says that the model is \(quoted(model.variant)), its tensors are \(found)"]
  }

  private func featureDisagreements(with model: ModelDescription) -> [String] {
    // The model has features as words, whatever the header's strings are.
    let said = Set(model.features.map(Architecture.word))
    let found = Set(architecture.features)
    return said.subtracting(found).sorted().map {
      "the header says that the model has the feature \(quoted($0)), its tensors do not"
    }
      + found.subtracting(said).sorted().map {
        "the model has the feature \(quoted($0)), of which the header says nothing"
      }
  }

  private func missingDisagreements(with model: ModelDescription) -> [String] {
    let missing = missingParameters
    let (said, found) = (Set(model.missingTensors), Set(missing))
    return model.missingTensors.filter { !found.contains($0) }.map {
      "the header says that \(quoted($0)) is missing, and the model has or needs no such tensor"
    }
      + missing.filter { !said.contains($0) }.map {
        "\(quoted($0)) is missing, and the header does not say so"
      }
  }
}
