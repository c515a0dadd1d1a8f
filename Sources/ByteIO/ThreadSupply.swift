#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Whether there are threads to be had.
enum ThreadSupply {
  /// Whether the system gives this process another thread, which a limit for its user or its
  /// container can forbid. Dispatch waits for one for ever, so nothing may be handed to it then.
  static let hasThreads: Bool = {
    #if canImport(Glibc)
      var thread = pthread_t()
      guard pthread_create(&thread, nil, { _ in nil }, nil) == 0 else { return false }
      pthread_join(thread, nil)
    #else
      var thread: pthread_t?
      guard pthread_create(&thread, nil, { _ in nil }, nil) == 0 else { return false }
      if let thread { pthread_join(thread, nil) }
    #endif
    return true
  }()
}
