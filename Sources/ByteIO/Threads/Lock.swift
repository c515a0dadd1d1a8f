#if THREAD_SANITIZER
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// A value that one thread at a time looks at, by a lock that ThreadSanitizer knows.
  ///
  /// It does not know `Mutex`, which the Swift runtime implements in code that is not instrumented:
  /// on Linux it takes every value behind one for a race. `./dev sanitize` builds with this
  /// instead.
  public final class Lock<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    /// Puts a value behind a lock.
    public init(_ value: Value) {
      self.value = value
      mutex.initialize(to: pthread_mutex_t())
      pthread_mutex_init(mutex, nil)
    }

    deinit {
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    /// Calls `body` with the value, while no other thread can look at it.
    ///
    /// Throws what `body` throws.
    public func withLock<Result, Failure: Error>(
      _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return try body(&value)
    }
  }
#else
  public import Synchronization

  /// A value that one thread at a time looks at.
  public typealias Lock<Value> = Mutex<Value>
#endif
