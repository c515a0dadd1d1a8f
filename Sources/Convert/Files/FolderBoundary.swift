import ByteIO

/// The folder of a checkpoint of several files, which none of them may lead out of.
///
/// Names are checked earlier. What remains is symbolic links, which an archive or a repository can
/// carry like any other file. A link may lead to a file in the folder or below it. In Hugging
/// Face's cache, `snapshots/REVISION/NAME` is a link to `../../blobs/DIGEST`; the files of such a
/// folder may also be in that `blobs`.
struct FolderBoundary {
  let folder: String
  private let roots: [String]

  /// The boundary of a folder that the user named.
  init(folder: String) {
    self.folder = folder
    guard let path = FileSystem.resolved(folder) else {
      roots = []
      return
    }
    let snapshots = FileSystem.folder(of: path)
    let isCache = FileSystem.name(of: snapshots) == "snapshots"
    roots = [path] + (isCache ? ["\(FileSystem.folder(of: snapshots))/blobs"] : [])
  }

  /// Throws `InputError.linkOutsideFolder` if a path in the folder leads to a file elsewhere. A
  /// path that leads nowhere is left to whoever opens it.
  func check(_ path: String) throws(InputError) {
    guard let target = FileSystem.resolved(path) else { return }
    let isInside = roots.contains { root in
      target.hasBytes(of: root)
        || target.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
    }
    guard isInside else {
      throw .linkOutsideFolder(name: FileSystem.name(of: path), target: target)
    }
  }
}
