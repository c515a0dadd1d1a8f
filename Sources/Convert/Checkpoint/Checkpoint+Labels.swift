import NativeFormat
import TorchFormat

extension Checkpoint {
  /// The names of a classifier's classes, if the source gives them: a native header, a folder's
  /// configuration, or what OpenMMLab's code stores with the weights.
  ///
  /// - Parameter classes: How many classes the classifier has; `nil` if there is no classifier.
  public func labels(classes: Int?) -> [String]? {
    if let labels = native?.header.labels {
      return classes == nil || labels.count == classes ? labels : nil
    }
    if native != nil { return nil }
    if let labels = folder?.labels(classes: classes) { return labels }
    return labelList(classes: classes)?.labels
  }

  /// The key of the file's outermost dictionary whose value is the labels, and nothing else; `nil` if
  /// they are elsewhere.
  func labelKey(classes: Int?) -> String? {
    guard native == nil, folder?.labels(classes: classes) == nil,
      let path = labelList(classes: classes)?.path, path.count == 1
    else { return nil }
    return path[0]
  }

  private func labelList(classes: Int?) -> (path: [String], labels: [String])? {
    labelLists(at: Self.labelPaths + Self.usualLabelPaths).first { $0.labels.count == classes }
  }

  /// Where the source names classes, and how many; `nil` if it names none.
  var statedLabels: (place: String, count: Int)? {
    if let native { return native.header.labels.map { ("the header", $0.count) } }
    if let folder { return folder.labelCount.map { (ModelFolder.configurationName, $0) } }
    return labelLists(at: Self.labelPaths).first.map {
      ($0.path.joined(separator: "."), $0.labels.count)
    }
  }

  /// What is wrong with the labels that the source names, if there is not one for each output.
  ///
  /// - Parameter classes: The classifier's outputs.
  func labelDisagreement(classes: Int) -> String? {
    // If there are several lists, one that fits is used.
    guard labels(classes: classes) == nil, let (place, count) = statedLabels, count != classes
    else { return nil }
    return ModelFolder.labelDisagreement(place, count, classes: classes)
  }

  private func labelLists(at paths: [[String]]) -> [(path: [String], labels: [String])] {
    torchFiles.flatMap { file in
      paths.compactMap { path in
        let value = path.reduce(file.root) { value, name in value?[name] }
        return (value?.texts ?? value?.textsByNumber).map { (path, $0) }
      }
    }
  }

  /// Where training programs store them: mmengine (`mmengine/runner/runner.py`, `save_checkpoint`),
  /// and before it mmcv's runner (`mmcls/apis/train.py`).
  private static let labelPaths = [["meta", "dataset_meta", "classes"], ["meta", "CLASSES"]]

  /// Where scripts store them next to the weights, if there is one for each output: such keys may
  /// mean something else.
  private static let usualLabelPaths = [
    "classes", "class_names", "CLASSES", "labels", "class_to_idx", "idx_to_class", "label2id",
    "id2label",
  ].map { [$0] }
}

extension TorchValue {
  /// The value for a text key of a dictionary, or of an object that acts as one.
  fileprivate subscript(name: String) -> TorchValue? {
    switch self {
    case .dictionary(let dictionary): dictionary[name]
    case .object(let object): object[name]
    default: nil
    }
  }

  /// The texts of a dictionary that numbers them from 0 on, either way: `class_to_idx` of
  /// torchvision's `ImageFolder`.
  fileprivate var textsByNumber: [String]? {
    guard case .dictionary(let dictionary) = self else { return nil }
    var texts: [Int: String] = [:]
    for entry in dictionary.entries {
      switch (entry.key, entry.value) {
      case (.string(let text), .integer(let number)), (.integer(let number), .string(let text)):
        texts[number] = text
      default: return nil
      }
    }
    let ordered = (0..<dictionary.entries.count).compactMap { texts[$0] }
    return ordered.count == dictionary.entries.count ? ordered : nil
  }

  /// The texts in a list or tuple that has nothing else.
  fileprivate var texts: [String]? {
    let items: [TorchValue]
    switch self {
    case .list(let list), .tuple(let list): items = list
    default: return nil
    }
    let texts = items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    return texts.count == items.count ? texts : nil
  }
}
