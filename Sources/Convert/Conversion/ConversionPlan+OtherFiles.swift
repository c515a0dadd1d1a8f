import ByteIO

extension ConversionPlan {
  /// Files that stay in the folder that is written to and are read with the result, in sentences:
  /// other weights, and another description of how images are prepared.
  public func otherFiles(at path: String) -> [String] {
    guard Self.isFolder(path) else { return [] }
    let folder = ModelFolder.withoutSlash(path)
    return [otherWeights(in: folder), otherPreprocessing(in: folder)].compactMap(\.self)
  }

  private func otherWeights(in folder: String) -> String? {
    let names = ModelFolder.weightsNames.filter {
      $0 == weightsName || FileSystem.kind(of: "\(folder)/\($0)") == .file
    }
    guard names.count > 1, let first = names.first else { return nil }
    return "the folder has other weights, which stay: "
      + "\(quotedList(names.filter { $0 != weightsName })); transformers reads \(quoted(first))"
      + (first == weightsName ? "" : ", and not the file that is written")
  }

  private func otherPreprocessing(in folder: String) -> String? {
    let written = paths(at: folder)
    let other = [ModelFolder.processorName, ModelFolder.preprocessorName].first { name in
      !written.contains("\(folder)/\(name)") && FileSystem.kind(of: "\(folder)/\(name)") == .file
    }
    return other.map {
      "the folder has a \(quoted($0)) of its own, which stays, and will be used for this model"
    }
  }
}
