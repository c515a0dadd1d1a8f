#if os(Linux)
  import Foundation

  /// The kibibytes of a mapped file that lie in this process's memory, as the system says; `nil`
  /// where nothing maps the file.
  public func residentKibibytes(ofMappingOf path: String) throws -> Int? {
    // A file without a size of its own, so it is read to its end.
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps"))
    let text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n")
    // The mapping's entry in the list of the process's memory has its resident size.
    guard let entry = lines.firstIndex(where: { $0.hasSuffix(path) }),
      let resident = lines[entry...].first(where: { $0.hasPrefix("Rss:") })
    else { return nil }
    return Int(resident.split(separator: " ")[1])
  }
#endif
