import ByteIO

/// Which names of zip members are accepted: relative paths of plain components.
enum ZipNames {
  static func checked(_ bytes: ByteRegion, at offset: Int) throws(TorchError) -> String {
    guard let name = bytes.text else { throw TorchError(.zipName(.notUTF8), offset: offset) }
    // The name is not in the error, which would show it.
    guard bytes.byteCount <= byteCountLimit else {
      throw TorchError(.zipName(.tooLong(limit: byteCountLimit)), offset: offset)
    }
    if let problem = bytes.withUnsafeBytes({ problem(of: $0) }) {
      throw TorchError(.zipName(problem), record: name, fileOffset: offset)
    }
    return name
  }

  /// The longest name: those in PyTorch's archives are paths of modules at most. Each use of a
  /// global is listed with its record's name, so long ones would add up to many times the file.
  static let byteCountLimit = 1024

  private static func problem(of bytes: UnsafeRawBufferPointer) -> TorchError.ZipNameProblem? {
    if bytes.isEmpty { return .empty }
    if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return .controlCharacter }
    if bytes.contains(UInt8(ascii: "\\")) { return .backslash }
    if bytes.first == slash { return .absolute }
    // A folder's own entry ends with a slash.
    let end = bytes.last == slash ? bytes.count - 1 : bytes.count
    var start = 0
    while start <= end {
      let component = bytes[start..<end].prefix { $0 != slash }
      if component.isEmpty { return .emptyComponent }
      if component.count <= 2 && component.allSatisfy({ $0 == dot }) { return .dotComponent }
      start = component.endIndex + 1
    }
    return nil
  }

  /// The name with ASCII letters in lower case: PyTorch finds members regardless of case.
  static func folded(_ name: String) -> String {
    guard name.utf8.contains(where: \.isASCIICapital) else { return name }
    return String(decoding: name.utf8.map { $0.isASCIICapital ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// The top folder of a name, or `nil` if it is not in one.
  static func folder(of name: String) -> String? {
    name.utf8.firstIndex(of: slash).map { String(name[..<$0]) }
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")
}
