import Dispatch

/// Calls a function again and again, on a thread of its own, until it is stopped.
public final class RepeatingTimer {
  private let queue = DispatchQueue(label: "RepeatingTimer", qos: .userInteractive)
  private let source: (any DispatchSourceTimer)?

  /// Starts calling `body`, the first time after `delay` seconds; never, where the system gives
  /// this process no thread.
  public convenience init(
    after delay: Double, every interval: Double, _ body: @escaping @Sendable () -> Void
  ) {
    self.init(after: delay, every: interval, hasThreads: ThreadSupply.hasThreads, body)
  }

  init(
    after delay: Double, every interval: Double, hasThreads: Bool,
    _ body: @escaping @Sendable () -> Void
  ) {
    guard hasThreads else {
      source = nil
      return
    }
    let source = DispatchSource.makeTimerSource(queue: queue)
    source.setEventHandler(handler: DispatchWorkItem(block: body))
    source.schedule(deadline: .now() + delay, repeating: interval)
    source.activate()
    self.source = source
  }

  /// Ends the calls; none is under way any more on return.
  public func stop() {
    guard let source else { return }
    source.cancel()
    queue.sync {}
  }
}
