import ByteIO

extension ModelFolder {
  /// The names of the classes in the order of the classifier's outputs; `nil` if the configuration
  /// has none, or not one for each output.
  ///
  /// - Parameter classes: The classifier's outputs.
  public func labels(classes: Int?) -> [String]? {
    if let classes, let labels = timm?.labels { return labels.count == classes ? labels : nil }
    guard let classes, let entries = config?["id2label"]?.objectValue,
      entries.entries.count == classes
    else { return nil }
    var labels: [String] = []
    for index in 0..<classes {
      guard let label = entries[String(index)]?.stringValue else { return nil }
      labels.append(label)
    }
    return labels
  }

  /// Whether the configuration names classes other than by transformers' placeholders.
  var namesClasses: Bool {
    if timm?.labels != nil { return true }
    let entries = config?["id2label"]?.objectValue?.entries ?? []
    return entries.contains { $0.value.stringValue != "LABEL_\($0.key)" }
  }

  /// How many labels the configuration names; `nil` if it has no list of them.
  var labelCount: Int? { timm?.labels?.count ?? config?["id2label"]?.objectValue?.entries.count }

  static func labelDisagreement(_ place: String, _ count: Int, classes: Int) -> String {
    "\(place) names \(counted(count, "label")), the classifier has \(counted(classes, "output"))"
  }
}
