import ByteIO

/// The folder that a checkpoint of several files lies in, which none of them may lead out of.
///
/// Names are checked before they come here; what is left is a symbolic link, which an archive or a
/// repository can carry as well as any file. A link may lead to a file in the folder or below it.
/// In Hugging Face's cache, `snapshots/REVISION/NAME` is a link to `../../blobs/DIGEST`; such a
/// folder's files may also lie in that `blobs`.
struct FolderBoundary {
  private let roots: [String]

  /// The boundary of a folder, which the user named.
  init(folder: String) {
    guard let path = FileSystem.resolved(folder) else {
      roots = []
      return
    }
    let snapshots = FileSystem.folder(of: path)
    let isCache = FileSystem.name(of: snapshots) == "snapshots"
    roots = [path] + (isCache ? ["\(FileSystem.folder(of: snapshots))/blobs"] : [])
  }

  /// Throws `InputError.linkOutsideFolder` where a path in the folder leads to a file elsewhere. A
  /// path that leads nowhere is left to whoever opens it.
  func check(_ path: String) throws(InputError) {
    guard let target = FileSystem.resolved(path) else { return }
    let isInside = roots.contains { root in
      target.utf8.elementsEqual(root.utf8)
        || target.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
    }
    guard isInside else {
      throw .linkOutsideFolder(name: FileSystem.name(of: path), target: target)
    }
  }
}
