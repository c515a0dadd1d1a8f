import ByteIO
import Testing

@Suite("CheckpointError")
struct CheckpointErrorTests {
  private struct Plain: CheckpointError {
    var category: FailureCategory { .unsupported }
    var rule: String { "plain" }
    var message: String { "a message" }
  }

  private struct Placed: CheckpointError {
    var category: FailureCategory { .invalidInput }
    var rule: String { "placed" }
    var message: String { "a message" }
    var place: ErrorPlace { ErrorPlace(record: "a/data", byteOffset: 7, tensor: "w\n") }
  }

  @Test("a log shows the file, the message and the place in one line")
  func descriptions() {
    #expect("\(Plain())" == "a message")
    #expect(
      "\(FileError(Placed(), path: "x\n.pth"))"
        == #"x\n.pth: a message (byte 7 of a/data, tensor 'w\n')"#)
    let missing = SystemError(.open, path: "/no", errorNumber: 2)
    #expect("\(missing)" == "/no: cannot be opened: No such file or directory")
  }

  @Test("a place says what its offset counts from")
  func places() {
    #expect(ErrorPlace(record: "a/data", byteOffset: 7).sentence == "byte 7 of a/data")
    #expect(
      ErrorPlace(record: "a/data", byteOffset: 7, from: .file).sentence
        == "a/data, byte 7 of the file")
    #expect(ErrorPlace(byteOffset: 7, tensor: "w").sentence == "byte 7, tensor 'w'")
    #expect(ErrorPlace(record: "a\n").sentence == "a\\n")
    #expect(ErrorPlace().sentence == nil)
    #expect(ErrorPlace(byteOffset: 7).origin == .file)
  }

  @Test("an error need not say where, nor what to do")
  func defaults() {
    #expect(Plain().hint == nil)
    #expect(Plain().place == ErrorPlace(record: nil, byteOffset: nil, tensor: nil))
  }
}
