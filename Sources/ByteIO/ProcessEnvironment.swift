#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a program sets for the libraries it uses.
public enum ProcessEnvironment {
  /// Names a time zone where the environment names none.
  ///
  /// libzip turns the date of every member of an archive into local time, and without a name the C
  /// library looks each time whether the system's own zone was changed: a system call a member.
  ///
  /// For programs that show no times, before they start threads.
  public static func nameTimeZone() {
    setenv("TZ", "UTC0", 0)
  }
}
