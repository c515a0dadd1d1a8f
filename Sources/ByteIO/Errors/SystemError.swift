#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  #error("Unsupported platform")
#endif

/// A system call that failed, with what it was working on.
public struct SystemError: CheckpointError, Equatable {
  /// What the program was trying to do.
  public enum Operation: String, CaseIterable, Sendable {
    case open, inspect, map, read, create, write, synchronize, replace, print
    case createTemporary = "create-temporary"
    case makeDirectory = "make-directory"
    case list, spool
  }

  /// What the program was trying to do.
  public var operation: Operation
  /// The path concerned.
  public var path: String
  /// The system's error number (`errno`).
  public var errorNumber: Int32

  /// Creates an error for an error number that is already known.
  public init(_ operation: Operation, path: String, errorNumber: Int32) {
    self.operation = operation
    self.path = path
    self.errorNumber = errorNumber
  }

  /// Creates an error from the calling thread's `errno`.
  package static func last(_ operation: Operation, path: String) -> SystemError {
    SystemError(operation, path: path, errorNumber: errno)
  }

  /// The class that the operation belongs to.
  public var category: FailureCategory {
    switch operation {
    case .open, .inspect, .map, .list: .cannotOpen
    case .create, .createTemporary, .replace, .makeDirectory:
      errorNumber == ENOSPC ? .inputOutput : .cannotCreate
    case .read, .write, .synchronize, .print, .spool: .inputOutput
    }
  }

  /// `open-failed`, `write-failed` and so on.
  public var rule: String {
    if operation == .create && errorNumber == EEXIST { return "output-exists" }
    return "\(operation.rawValue)-failed"
  }

  /// What was tried, then the system's own description of the error.
  public var message: String {
    if operation == .create && errorNumber == EEXIST { return "the output exists already" }
    if operation == .open && errorNumber == EINVAL { return "it is neither a file nor a folder" }
    let verb =
      switch operation {
      case .open: "cannot be opened"
      case .inspect: "cannot be inspected"
      case .map: "cannot be mapped into memory"
      case .read: "cannot be read"
      case .create: "cannot be created"
      case .createTemporary: "no temporary file can be created there"
      case .write, .print: "cannot be written"
      case .synchronize: "cannot be synchronized to the disk"
      case .replace: "cannot be put in place"
      case .makeDirectory: "cannot be made"
      case .list: "cannot be listed"
      case .spool: "cannot be kept in a temporary file"
      }
    return "\(verb): \(String(cString: strerror(errorNumber)))"
  }

  /// Whether nothing has that name.
  package var isNotThere: Bool { errorNumber == ENOENT }

  /// What helps in the common cases.
  public var hint: String? {
    switch (operation, errorNumber) {
    case (.create, EEXIST): "--force replaces it"
    case (.create, EISDIR): "this is a folder; name a file in it"
    case (.create, ENOENT) where FileSystem.kind(of: FileSystem.folder(of: path)) == .folder:
      "nothing can be made in that folder: write to another one"
    case (.create, ENOTDIR), (.makeDirectory, ENOTDIR):
      "a part of the path is a file, not a folder; name another folder"
    case (.create, ENOENT), (.makeDirectory, ENOENT):
      "its folder does not exist; make it first"
    case (.create, EACCES), (.create, EPERM), (.create, EROFS), (.makeDirectory, EACCES),
      (.makeDirectory, EROFS):
      "write to a folder that you may write to"
    case (.write, ENOSPC), (.create, ENOSPC), (.synchronize, ENOSPC), (.write, EDQUOT):
      "free some space, or write to another disk; nothing is left behind"
    case (.write, EFBIG):
      "the file would be larger than the file system or 'ulimit -f' allows; nothing is left behind"
    case (.print, _):
      "what was to be printed is lost; an output file that was put in place before stays there"
    case (.open, ENOENT) where FileSystem.isLink(path):
      "it is a link to what is not there: a download that is not complete leaves such"
    case (.open, ENOENT): "check the path; a relative one begins in the current folder"
    case (.open, EACCES): "its permissions, or those of a folder above it, do not let you read it"
    case (.open, EISDIR): "name a file in the folder"
    case (.open, EINVAL) where SpooledInput.isSpooled(path):
      "standard input has to be a file or a pipe"
    case (.map, ENOMEM): "a limit for memory ('ulimit -v', a container's) is below the file's size"
    case (.createTemporary, _):
      "what is piped in is kept in a temporary file; the variable TMPDIR names its folder"
    case (.spool, ENOSPC), (.spool, EDQUOT), (.spool, EFBIG):
      "let the variable TMPDIR name a folder with room for all that is piped in"
    case (.open, EINVAL):
      "only files are read; pipe anything else into the command, and name it '-'"
    case (.create, EINVAL) where path == SpooledInput.standardInput:
      "name a file: a result appears whole or not at all, which standard output cannot"
    case (.create, EINVAL): "the output has to be a file"
    default: nil
    }
  }
}
