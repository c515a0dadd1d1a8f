import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The names of everything in a folder, hidden files too, sorted; none where there is no folder.
public func namesInFolder(_ path: String) -> [String] {
  guard let stream = opendir(path) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
      field.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The paths of all files below a folder whose names end in `suffix`, sorted.
public func files(below folder: String, endingIn suffix: String) -> [String] {
  namesInFolder(folder).flatMap { name -> [String] in
    let path = "\(folder)/\(name)"
    if FileSystem.kind(of: path) == .folder { return files(below: path, endingIn: suffix) }
    return name.hasSuffix(suffix) ? [path] : []
  }
}
