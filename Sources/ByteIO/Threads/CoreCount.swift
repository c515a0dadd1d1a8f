#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many threads the process can run at a time.
enum CoreCount {
  /// The machine's cores, or fewer where the process is bound to some of them, or its container has
  /// a share of their time.
  static let available: Int = {
    let online = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let bound = start(ofFile: "/proc/self/status").flatMap(bound(status:))
    let granted = start(ofFile: "/sys/fs/cgroup/cpu.max").flatMap(granted(quota:))
    return max(1, min(online, bound ?? online, granted ?? online))
  }()

  /// How many cores a process is bound to by its status in `/proc`, as with `taskset` or a
  /// container's `cpuset`: 5 by `Cpus_allowed_list: 0-3,8`. `nil` if it does not say.
  static func bound(status: String) -> Int? {
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(listName) }) else {
      return nil
    }
    var count = 0
    for range in line.dropFirst(listName.count).split(separator: ",") {
      let ends = range.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 20 else {
        return nil
      }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }

  private static let listName = "Cpus_allowed_list:"

  /// How many cores' time a container may use by its `cpu.max`, rounded up (`cgroup-v2.rst` of
  /// Linux): 2 by `150000 100000`, the time and the period. `nil` if there is no limit.
  static func granted(quota: String) -> Int? {
    let numbers = quota.split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0
    else { return nil }
    return (time - 1) / period + 1
  }

  /// The first bytes of a file of the system's, which has no size and cannot be mapped.
  private static func start(ofFile path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let text = [UInt8](unsafeUninitializedCapacity: 1 << 13) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
