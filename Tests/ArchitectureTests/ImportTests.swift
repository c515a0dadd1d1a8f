import TestSupport
import Testing

@Suite("Imports")
struct ImportTests {
  @Test("no file imports what the module table of Package.swift does not allow")
  func imports() throws {
    let table = try ModuleTable.ofPackage()
    let sources = try SwiftSource.all()
    #expect(sources.count > 20)
    for source in sources {
      #expect(table.forbiddenImports(in: source) == [], "\(source.module)/\(source.name)")
    }
  }

  @Test(
    "a forbidden import would be seen, however it is written",
    arguments: [
      ("SafetensorsFormat", "import TorchFormat"), ("TorchFormat", "public import NativeFormat"),
      ("ConvNeXtSchema", "  internal import SafetensorsFormat"), ("TensorModel", "import Crypto"),
      ("Convert", "import Glibc"), ("Inspect", "@preconcurrency import Darwin"),
      ("ByteIO", "import Foundation"), ("NativeFormat", "import class Foundation.JSONDecoder"),
      ("convnext", "import FoundationEssentials"), ("ByteIO", "@_exported import TensorModel"),
      ("TensorModel", "@_spi(Testing) import ConvNeXtSchema"), ("Unknown", "import ByteIO"),
      ("NativeFormat", "import CDeflate"), ("Convert", "import Dispatch"),
    ])
  func forbidden(module: String, line: String) throws {
    let source = SwiftSource(module: module, name: "Made.swift", text: "import Swift\n\(line)\n")
    let table = try ModuleTable.ofPackage()
    #expect(table.forbiddenImports(in: source).count == 2, "and Swift itself is in no table")
  }

  @Test(
    "an allowed import is not complained of, nor is a comment",
    arguments: [
      ("SafetensorsFormat", "public import TensorModel"), ("ByteIO", "  import Glibc"),
      ("ByteIO", "import Crypto"), ("TorchFormat", "import CDeflate"),
      ("convnext", "import ArgumentParser"), ("TensorModel", "// import Foundation"),
      ("TensorModel", "/* import Foundation */"), ("Inspect", "import Synchronization"),
      ("TensorModel", "let importance = 1"), ("TensorModel", "print(\"import Foundation\")"),
    ])
  func allowed(module: String, line: String) throws {
    let source = SwiftSource(module: module, name: "Made.swift", text: line)
    #expect(try ModuleTable.ofPackage().forbiddenImports(in: source) == [])
  }

  @Test("every folder of Sources is in the table, and every row of it has a folder")
  func complete() throws {
    let folders = namesInFolder(Repository.path("Sources")).filter { $0 != "CDeflate" }
    #expect(try ModuleTable.ofPackage().allowed.keys.sorted() == folders.sorted())
  }

  @Test("formats know bytes and tensors only, and the schema knows no format")
  func directions() throws {
    let allowed = try ModuleTable.ofPackage().allowed
    let below: Set = ["ByteIO", "TensorModel", "CDeflate"]
    for format in ["SafetensorsFormat", "TorchFormat", "NativeFormat"] {
      #expect(try #require(allowed[format]).isSubset(of: below))
    }
    #expect(allowed["ConvNeXtSchema"] == ["ByteIO", "TensorModel"])
    #expect(allowed["TensorModel"] == ["ByteIO"])
    #expect(allowed["ByteIO"] == ["Crypto"])
    #expect(allowed["NativeFormat"]?.contains("CDeflate") == false, "an app links it alone")
  }

  @Test("the table is read with the products behind its names")
  func parsing() {
    let table = ModuleTable(
      manifest: """
        let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
        let modules = [ Module("A", imports: crypto),
          Module(
            "B",
            imports: "A", "CDeflate"),
        ]
        .executableTarget(
          name: "tool",
          dependencies: ["A"]
            + [crypto],
          swiftSettings: settings),
        """)
    #expect(table.allowed == ["A": ["Crypto"], "B": ["A", "CDeflate"], "tool": ["A", "Crypto"]])
  }
}
