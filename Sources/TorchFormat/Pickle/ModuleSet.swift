import ByteIO

/// Modules, each with all below it. They are compared by their UTF-8 bytes.
struct ModuleSet: ExpressibleByArrayLiteral {
  private let names: Set<ByteText>
  /// The most dots that one of the names has: after more of them there is nothing to look up.
  private let dotCount: Int

  init(arrayLiteral names: String...) {
    self.names = Set(names.map(ByteText.init))
    dotCount = names.map { $0.utf8.count { $0 == Self.dot } }.max() ?? 0
  }

  /// Whether a module is one of these, or is below one.
  func contains(_ module: String) -> Bool {
    var dotCount = 0
    for index in module.utf8.indices where module.utf8[index] == Self.dot {
      guard dotCount <= self.dotCount else { return false }
      if names.contains(ByteText(String(module[..<index]))) { return true }
      dotCount += 1
    }
    return dotCount <= self.dotCount && names.contains(ByteText(module))
  }

  private static let dot = UInt8(ascii: ".")
}
