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

  @Test("there is a hint where something helps")
  func hints() {
    #expect(SystemError(.create, path: "", errorNumber: EEXIST).hint == "--force replaces it")
    #expect(SystemError(.open, path: "", errorNumber: EISDIR).hint == "name a file in the folder")
    let full = "free some space, or write to another disk; nothing was left behind"
    #expect(SystemError(.write, path: "", errorNumber: ENOSPC).hint == full)
    #expect(SystemError(.write, path: "", errorNumber: EIO).hint == nil)
  }
}
