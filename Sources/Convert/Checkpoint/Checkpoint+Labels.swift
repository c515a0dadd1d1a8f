import NativeFormat
import TorchFormat

extension Checkpoint {
  /// The names of a classifier's classes, if the source gives them: a native header, a folder's
  /// configuration, or what OpenMMLab's code stores with the weights.
  ///
  /// - Parameter classes: How many classes the classifier has; `nil` if there is no classifier.
  public func labels(classes: Int?) -> [String]? {
    if let native { return native.header.labels }
    if let labels = folder?.labels(classes: classes) { return labels }
    return labelLists.map(\.labels).first { $0.count == classes }
  }

  /// Where the source names classes, and how many; `nil` if it names none, or is a `.convnext` file,
  /// whose reader compares the two.
  var statedLabels: (place: String, count: Int)? {
    if let folder { return folder.labelCount.map { (ModelFolder.configurationName, $0) } }
    return labelLists.first.map { ($0.place, $0.labels.count) }
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

  private var labelLists: [(place: String, labels: [String])] {
    torchFiles.flatMap { _, file in
      Self.labelPaths.compactMap { path in
        path.reduce(file.root) { value, name in value?[name] }?.texts.map {
          (path.joined(separator: "."), $0)
        }
      }
    }
  }

  /// Where training programs store them: mmengine (`mmengine/runner/runner.py`, `save_checkpoint`),
  /// and before it mmcv's runner (`mmcls/apis/train.py`).
  private static let labelPaths = [["meta", "dataset_meta", "classes"], ["meta", "CLASSES"]]
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
