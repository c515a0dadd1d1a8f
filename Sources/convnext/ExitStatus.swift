import ByteIO

/// What the command tells a script.
enum ExitStatus: Int32 {
  case answerIsNo = 1
  case usage = 64
  case invalidInput = 65
  case cannotOpen = 66
  case unsupported = 69
  case bug = 70
  case cannotCreate = 73
  case inputOutput = 74

  init(_ category: FailureCategory) {
    self =
      switch category {
      case .usage: .usage
      case .invalidInput: .invalidInput
      case .unsupported: .unsupported
      case .cannotOpen: .cannotOpen
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      }
  }
}
