#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A system thread.
///
/// Dispatch is not used for work: where a limit on the user, the container or memory forbids
/// another thread, it waits for one forever. Here the caller does the work alone.
final class SystemThread: @unchecked Sendable {
  // Unchecked: the handle is a number or an address, and is only passed back to the system.
  private let handle: pthread_t

  private init(_ handle: pthread_t) { self.handle = handle }

  /// Twice as much as Dispatch gives its threads.
  private static let usualStackByteCount = 1 << 20

  /// What a thread is to do, as an object whose address can be passed to it.
  fileprivate final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread that calls `body`; returns `nil`, and calls nothing, if the system gives none.
  static func start(
    stackByteCount: Int = usualStackByteCount, _ body: @escaping @Sendable () -> Void
  ) -> SystemThread? {
    let work = Unmanaged.passRetained(Work(body))
    guard let handle = create(work.toOpaque(), stackByteCount: stackByteCount) else {
      work.release()
      return nil
    }
    return SystemThread(handle)
  }

  private static func create(
    _ work: UnsafeMutableRawPointer, stackByteCount: Int
  ) -> pthread_t? {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    guard pthread_attr_init(attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(attributes) }
    pthread_attr_setstacksize(attributes, stackByteCount)
    #if canImport(Glibc)
      var handle = pthread_t()
    #else
      var handle: pthread_t?
    #endif
    let status = pthread_create(&handle, attributes, runSystemThread, work)
    return status == 0 ? handle : nil
  }

  /// Waits for the thread to end; this or `detach` must be called, and once.
  func join() { pthread_join(handle, nil) }

  /// Lets the thread end unobserved.
  func detach() { pthread_detach(handle) }
}

/// What the system calls on a new thread.
#if canImport(Darwin)
  private func runSystemThread(_ work: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<SystemThread.Work>.fromOpaque(work).takeRetainedValue().body()
    return nil
  }
#else
  private func runSystemThread(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let work { Unmanaged<SystemThread.Work>.fromOpaque(work).takeRetainedValue().body() }
    return nil
  }
#endif
