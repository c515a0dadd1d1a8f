import ByteIO
import Testing

@Suite("CheckpointError")
struct CheckpointErrorTests {
  private struct Plain: CheckpointError {
    var category: FailureCategory { .unsupported }
    var rule: String { "plain" }
    var message: String { "a message" }
  }

  @Test("an error need not say where, nor what to do")
  func defaults() {
    #expect(Plain().hint == nil)
    #expect(Plain().place == ErrorPlace(record: nil, byteOffset: nil, tensor: nil))
  }
}
