import Dispatch

/// Calls a function again and again, on a thread of its own, until it is stopped.
public final class RepeatingTimer {
  private let queue = DispatchQueue(label: "RepeatingTimer", qos: .userInteractive)
  private let source: any DispatchSourceTimer

  /// Starts calling `body`, the first time after `delay` seconds.
  public init(
    after delay: Double, every interval: Double, _ body: @escaping @Sendable () -> Void
  ) {
    source = DispatchSource.makeTimerSource(queue: queue)
    source.setEventHandler(handler: DispatchWorkItem(block: body))
    source.schedule(deadline: .now() + delay, repeating: interval)
    source.activate()
  }

  /// Ends the calls; none is under way any more on return.
  public func stop() {
    source.cancel()
    queue.sync {}
  }
}
