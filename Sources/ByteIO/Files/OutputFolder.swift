/// A folder that output is written into. If it was made for that, it is removed again unless
/// something was put into it, also if a signal that can be caught ends the process.
package final class OutputFolder: Sendable {
  private let path: String
  private let isNew: Bool

  /// Makes a folder if there is none.
  ///
  /// Throws `SystemError` where it cannot be made, or is not a folder.
  package init(path: String) throws(SystemError) {
    self.path = path
    isNew = FileSystem.kind(of: path) == nil
    if isNew { UnfinishedFiles.add(path) }
    do {
      try FileSystem.makeFolder(path)
    } catch {
      UnfinishedFiles.remove(path)
      throw error
    }
  }

  deinit {
    guard isNew else { return }
    FileSystem.removeEmptyFolder(path)
    UnfinishedFiles.remove(path)
  }
}
