#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Calls a function repeatedly, on a separate thread, until it is stopped.
package final class RepeatingTimer {
  private var thread: SystemThread?
  /// The write end of a pipe. Closing it wakes the thread, which waits at the read end.
  private var stopDescriptor: Int32 = -1

  /// Starts calling `body`, the first time after `delay` seconds. It is never called if the system
  /// gives this process no thread or no pipe.
  package init(
    after delay: Double, every interval: Double, _ body: @escaping @Sendable () -> Void
  ) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    let (wakeDescriptor, stopDescriptor) = (ends[0], ends[1])
    thread = SystemThread.start {
      var wait = delay
      while !Self.isReadable(wakeDescriptor, within: wait) {
        body()
        wait = interval
      }
      close(wakeDescriptor)
    }
    if thread == nil {
      close(wakeDescriptor)
      close(stopDescriptor)
    } else {
      self.stopDescriptor = stopDescriptor
    }
  }

  deinit { stop() }

  /// Waits for the pipe to be closed, at most for so many seconds.
  private static func isReadable(_ descriptor: Int32, within seconds: Double) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let wait = (seconds * 1000).rounded(.up)
    // Also for infinity and NaN.
    let milliseconds = wait < Double(Int32.max) ? Int32(max(0, wait)) : .max
    return retryingOnInterrupt { poll(&request, 1, milliseconds) } != 0
  }

  /// Ends the calls; none is in progress on return.
  package func stop() {
    guard let thread else { return }
    close(stopDescriptor)
    thread.join()
    self.thread = nil
  }
}
