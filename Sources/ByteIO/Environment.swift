#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Sets an environment variable of this process.
package func setEnvironmentVariable(_ name: String, to value: String) { setenv(name, value, 1) }

/// The value of an environment variable, as text that can represent any bytes (`PathText`), or
/// `nil` if it is not set.
package func environmentVariable(_ name: String) -> String? {
  getenv(name).map { PathText.text(of: UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
}
