import ByteIO
import Terminal

/// Shows the progress of a command's work on the terminal, once it takes longer than half a second.
struct ProgressDisplay {
  /// What is worked on: the name of a file.
  let subject: String

  /// How long work may take before anything is shown, in seconds.
  private static var delay: Double {
    environmentVariable("CONVNEXT_PROGRESS_DELAY").flatMap { Double($0) }.map { max(0, $0) } ?? 0.5
  }
  private static let interval = 0.1

  /// Does work and shows its progress; on return, the line is erased.
  ///
  /// Throws what `body` throws.
  func follow<Result>(_ body: () throws -> Result) rethrows -> Result {
    let progress = WorkProgress()
    let columnCount = StandardStream.error.columnCount ?? 80
    let show: @Sendable () -> Void = { [self] in
      StatusLine.show(
        text(
          completed: progress.completedByteCount, expected: progress.expectedByteCount,
          columnCount: columnCount))
    }
    let delay = Self.delay
    if delay == 0 { show() }
    let timer = RepeatingTimer(
      after: delay == 0 ? Self.interval : delay, every: Self.interval, show)
    defer {
      timer.stop()
      StatusLine.erase()
    }
    return try progress.follow(body)
  }

  /// The line: `tiny.pth  45%  49.1 MiB of 109.1 MiB`.
  ///
  /// Until a number of bytes is known, the file is being opened; after the last one, the result is
  /// being put in place.
  func text(completed: Int, expected: Int, columnCount: Int) -> String {
    let state: String
    if expected <= 0 {
      state = "reading"
    } else if completed >= expected {
      state = "finishing"
    } else {
      let percent = Int(100 * Double(completed) / Double(expected))
      state = "\(percent)%  \(readableByteCount(completed)) of \(readableByteCount(expected))"
    }
    let room = columnCount - state.count - 3
    guard room >= 8 else { return cutInMiddle(state, to: columnCount - 1) }
    return cutInMiddle(escaped(subject), to: room) + "  " + state
  }
}
