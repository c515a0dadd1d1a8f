import ByteIO

/// The files in a folder and its subfolders that programs load as weights or as pickles.
struct LoadableFiles {
  /// The paths, folder by folder.
  private(set) var paths: [String] = []
  /// Links out of the folder, devices and pipes, with the reasons why they are not read. A program
  /// would find what is there.
  private(set) var refusals: [(path: String, error: any CheckpointError)] = []
  /// Folders that cannot be listed, and what in them cannot be looked at: what is not seen must not
  /// pass for checked.
  private(set) var unreadable: [SystemError] = []

  /// The extensions of checkpoints, and others that are used for pickles.
  private static let extensions = Set(OutputContainer.allExtensions).union([
    "dill", "distcp", "joblib", "p", "pickle", "pk", "ptl", "sav", "tar", "th",
  ])

  /// Searches a folder.
  ///
  /// Links to folders are not followed: their targets are in the folder anyway, and they may form
  /// cycles.
  ///
  /// - Parameter known: Paths to leave out.
  init(in folder: String, beside known: [String]) {
    let known = Set(known.map(ByteText.init))
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
        case .file where Self.mayBeLoaded(name) && !known.contains(ByteText(path)):
          if isInside(path, boundary) { paths.append(path) }
        case .folder where !FileSystem.isLink(path): below.append(path)
        case .folder: _ = isInside(path, boundary)
        case .other where Self.mayBeLoaded(name):
          // Opening one always fails; a link out of the folder is reported as such.
          if isInside(path, boundary) {
            do { _ = try FileMapping(path: path) } catch { refusals.append((path, error)) }
          }
        // A dangling link leads no program anywhere, either.
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
      || name.hasBytes(of: ModelFolder.distributedIndexName)
  }

  /// Whether a path leads to a place in the folder; records a refusal if it does not.
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
