import ByteIO

/// The files in a folder, and in those below it, that programs load as weights, or as pickles.
struct LoadableFiles {
  /// The paths, folder by folder.
  private(set) var paths: [String] = []
  /// Links out of the folder, and devices and pipes, with why they are not read: a program would
  /// find what is there.
  private(set) var refusals: [(path: String, error: any CheckpointError)] = []
  /// Folders that cannot be listed, and what in them cannot be looked at: what is not seen must not
  /// pass for checked.
  private(set) var unreadable: [SystemError] = []

  /// Those of checkpoints, and what else pickles are called by.
  private static let extensions = Set(OutputContainer.allExtensions).union([
    "dill", "distcp", "joblib", "p", "pickle", "pk", "ptl", "sav", "tar", "th",
  ])

  /// Looks through a folder.
  ///
  /// Links to folders are not followed: what they lead to lies in the folder anyhow, and they may
  /// lead round in circles.
  ///
  /// - Parameter known: Paths that are left out.
  init(in folder: String, beside known: [String]) {
    let known = Set(known.map { Array($0.utf8) })
    let root = ModelFolder.withoutSlash(folder)
    let boundary = FolderBoundary(folder: root)
    var folders = [root]
    while let folder = folders.popLast() {
      var below: [String] = []
      let names: [String]
      do {
        names = try FileSystem.names(in: folder)
      } catch {
        unreadable.append(error)
        continue
      }
      for name in names {
        let path = "\(folder)/\(name)"
        switch FileSystem.kind(of: path) {
        case .file where Self.mayBeLoaded(name) && !known.contains(Array(path.utf8)):
          if isInside(path, boundary) { paths.append(path) }
        case .folder where !FileSystem.isLink(path): below.append(path)
        case .folder: _ = isInside(path, boundary)
        case .other where Self.mayBeLoaded(name):
          // Nothing of the kind can be opened; a link out of the folder is told as such.
          if isInside(path, boundary) {
            do { _ = try FileMapping(path: path) } catch { refusals.append((path, error)) }
          }
        // A link that leads nowhere leads no program anywhere, either.
        case nil where !FileSystem.isLink(path):
          do { _ = try FileMapping(path: path) } catch { unreadable.append(error) }
        default: break
        }
      }
      folders += below.reversed()
    }
  }

  private static func mayBeLoaded(_ name: String) -> Bool {
    extensions.contains(FileSystem.pathExtension(of: name))
      || name.utf8.elementsEqual(ModelFolder.distributedIndexName.utf8)
  }

  /// Whether a path leads to a place in the folder; notes it where it does not.
  private mutating func isInside(_ path: String, _ boundary: FolderBoundary) -> Bool {
    do {
      try boundary.check(path)
      return true
    } catch {
      refusals.append((path, error))
      return false
    }
  }
}
