import ByteIO

/// What the command reports to a script.
enum ExitStatus: Int32, CaseIterable {
  case success = 0
  case answerIsNo = 1
  case usage = 64
  case invalidInput = 65
  case cannotOpen = 66
  case unsupported = 69
  case bug = 70
  case cannotCreate = 73
  case inputOutput = 74
  /// The status with which `ProcessSignals` ends the process.
  case interrupted = 130

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

  /// What it means.
  var meaning: String {
    switch self {
    case .success: "success"
    case .answerIsNo:
      "the answer is no: something is corrupt, not clean, below what was asked for or different"
    case .usage: "the arguments are wrong"
    case .invalidInput: "the input is not valid, or is not the ConvNeXt that it should be"
    case .cannotOpen: "the input cannot be opened"
    case .unsupported: "the input is valid and not supported, or the output cannot express it"
    case .bug: "a bug"
    case .cannotCreate: "the output exists, or cannot be created"
    case .inputOutput: "reading or writing failed"
    case .interrupted:
      "interrupted (by SIGHUP 129, by SIGTERM 143); nothing is left behind"
    }
  }
}
