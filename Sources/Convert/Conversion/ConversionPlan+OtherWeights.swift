import ByteIO

extension ConversionPlan {
  /// What to know of other weights in the folder that is written to, for they stay there: which
  /// file transformers reads then. `nil` where there are none.
  public func otherWeights(at path: String) -> String? {
    guard Self.isFolder(path) else { return nil }
    let folder = ModelFolder.withoutSlash(path)
    let names = ModelFolder.weightsNames.filter {
      $0 == weightsName || FileSystem.kind(of: "\(folder)/\($0)") == .file
    }
    guard names.count > 1, let first = names.first else { return nil }
    return "the folder has other weights, which stay: "
      + "\(quotedList(names.filter { $0 != weightsName })); transformers reads \(quoted(first))"
      + (first == weightsName ? "" : ", and not the file that is written")
  }
}
