import ByteIO
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("SystemError")
struct SystemErrorTests {
  @Test(
    "each operation has its class, its rule and its words",
    arguments: [
      (.open, ENOENT, .cannotOpen, "open-failed", "cannot be opened: "),
      (.inspect, EACCES, .cannotOpen, "inspect-failed", "cannot be inspected: "),
      (.map, ENOMEM, .cannotOpen, "map-failed", "cannot be mapped into memory: "),
      (.list, EACCES, .cannotOpen, "list-failed", "cannot be listed: "),
      (.spool, ENOSPC, .inputOutput, "spool-failed", "cannot be kept in a temporary file: "),
      (.read, EIO, .inputOutput, "read-failed", "cannot be read: "),
      (.create, EACCES, .cannotCreate, "create-failed", "cannot be created: "),
      (.create, ENOSPC, .inputOutput, "create-failed", "cannot be created: "),
      (.create, EEXIST, .cannotCreate, "output-exists", "the output exists already"),
      (.replace, EACCES, .cannotCreate, "replace-failed", "cannot be put in place: "),
      (.makeDirectory, EACCES, .cannotCreate, "make-directory-failed", "cannot be made: "),
      (.write, ENOSPC, .inputOutput, "write-failed", "cannot be written: "),
      (
        .synchronize, EIO, .inputOutput, "synchronize-failed",
        "cannot be synchronized to the disk: "
      ),
    ] as [(SystemError.Operation, Int32, FailureCategory, String, String)])
  func classes(
    operation: SystemError.Operation, number: Int32, category: FailureCategory, rule: String,
    message: String
  ) {
    let error = SystemError(operation, path: "/x", errorNumber: number)
    #expect(error.category == category)
    #expect(error.rule == rule)
    let isWhole = !message.hasSuffix(" ")
    #expect(isWhole ? error.message == message : error.message.hasPrefix(message))
    #expect(isWhole || error.message.hasSuffix(String(cString: strerror(number))))
    #expect(error.place == ErrorPlace())
  }

  @Test(
    "what a user is most likely to meet has a next step",
    arguments: [
      (.open, ENOENT, "check the path; a relative one begins in the current folder"),
      (.open, EACCES, "its permissions, or those of a folder above it, do not let you read it"),
      (.create, EISDIR, "this is a folder; name a file in it"),
      (.makeDirectory, ENOENT, "its folder does not exist; make it first"),
      (
        .makeDirectory, ENOTDIR,
        "a part of the path is a file, not a folder; name another folder"
      ),
      (.create, EACCES, "write to a folder that you may write to"),
      (.create, EROFS, "write to a folder that you may write to"),
      (
        .write, EFBIG,
        "the file would be larger than the file system or 'ulimit -f' allows; nothing is left behind"
      ),
      (.read, EIO, nil),
      (.map, ENOMEM, "a limit for memory ('ulimit -v', a container's) is below the file's size"),
    ] as [(SystemError.Operation, Int32, String?)])
  func nextSteps(_ operation: SystemError.Operation, _ number: Int32, _ hint: String?) {
    #expect(SystemError(operation, path: "/x", errorNumber: number).hint == hint)
  }

  @Test("a folder that takes no files is not said to be missing")
  func closedFolder() {
    let error = SystemError(.create, path: "/tmp/a.convnext", errorNumber: ENOENT)
    #expect(error.hint == "nothing can be made in that folder: write to another one")
    let missing = SystemError(.create, path: "/nowhere/a.convnext", errorNumber: ENOENT)
    #expect(missing.hint?.contains("does not exist") == true)
  }

  @Test("there is a hint where something helps")
  func hints() {
    #expect(SystemError(.create, path: "", errorNumber: EEXIST).hint == "--force replaces it")
    #expect(SystemError(.open, path: "", errorNumber: EISDIR).hint == "name a file in the folder")
    let full = "free some space, or write to another disk; nothing is left behind"
    #expect(SystemError(.write, path: "", errorNumber: ENOSPC).hint == full)
    #expect(SystemError(.write, path: "", errorNumber: EIO).hint == nil)
  }
}
