/// A place in a pickle that would call a function or make an object of a class.
public struct CallUse: Hashable, Sendable {
  /// What is called.
  public let global: GlobalUse
  /// The opcode that calls: REDUCE or NEWOBJ.
  public let opcode: PickleOpcode
  /// The zip record that holds the pickle, or `nil` where the file itself does.
  public let record: String?
  /// The opcode, from the start of the record or the file.
  public let byteOffset: Int
}

extension CallUse {
  /// The same call, of a global with another verdict.
  func judged(_ verdict: GlobalVerdict) -> CallUse {
    CallUse(
      global: global.judged(verdict), opcode: opcode, record: record, byteOffset: byteOffset)
  }
}
