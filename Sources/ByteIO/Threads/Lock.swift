#if THREAD_SANITIZER
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// A value that one thread accesses at a time, behind a lock that ThreadSanitizer knows.
  ///
  /// It does not know `Mutex`, which the Swift runtime implements in code that is not instrumented:
  /// on Linux it reports a race for every value behind one. `./dev sanitize` builds with this
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

    /// Calls `body` with the value, while no other thread can access it.
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

  /// A value that one thread accesses at a time.
  public typealias Lock<Value> = Mutex<Value>
#endif
