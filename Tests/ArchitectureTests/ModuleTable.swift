import ByteIO
import TestSupport

/// The module table of Package.swift: which module may import which.
struct ModuleTable {
  /// The modules that each module may import, by its name.
  private(set) var allowed: [String: Set<String>] = [:]

  /// Modules of the toolchain that need no entry in the table.
  private static let toolchain: Set<String> = ["Synchronization"]
  /// The C library under its names, and what comes with it.
  private static let platform: Set<String> = ["Darwin", "Glibc", "Musl"]
  /// The modules that speak to the system.
  private static let systemModules: Set<String> = ["ByteIO", "Terminal"]

  /// Reads the table out of a manifest's text.
  init(manifest: String) {
    var products: [String: String] = [:]
    let product = /let (?<name>\w+): Target\.Dependency = \.product\(\s*name: "(?<product>\w+)"/
    for match in manifest.matches(of: product) {
      products[String(match.name)] = String(match.product)
    }
    func names(in list: Substring) -> Set<String> {
      let quoted = list.matches(of: /"(\w+)"/).map { String($0.1) }
      let bare = list.matches(of: /\w+/).compactMap { products[String($0.0)] }
      return Set(quoted + bare)
    }
    let module = /Module\(\s*"(?<name>\w+)",\s*imports:(?<list>[^)]*)\)/
    for match in manifest.matches(of: module) {
      allowed[String(match.name)] = names(in: match.list)
    }
    let executable =
      /executableTarget\(\s*name: "(?<name>\w+)",\s*dependencies:(?<list>.*?)swiftSettings/
      .dotMatchesNewlines()
    // A program that helps the tests lies in a folder of theirs.
    for match in manifest.matches(of: executable) where !match.list.contains("path: \"Tests/") {
      allowed[String(match.name)] = names(in: match.list)
    }
  }

  /// The table of this package.
  static func ofPackage() throws -> ModuleTable {
    let text = try FileMapping(path: Repository.path("Package.swift")).region.text
    return ModuleTable(manifest: text ?? "")
  }

  /// The imports of a file that the table does not allow.
  func forbiddenImports(in source: SwiftSource) -> [String] {
    var allowed = allowed[source.module, default: []].union(Self.toolchain)
    if Self.systemModules.contains(source.module) { allowed.formUnion(Self.platform) }
    return source.imports.filter { !allowed.contains($0) }
  }
}
