import ByteIO
import Convert
import TestSupport
import Testing
import TorchFormat

@Suite("PickleScan")
struct PickleScanTests {
  static func files() throws -> [FixtureFile] {
    try FixtureManifest.files().filter { $0.refused?.exit != 66 }
  }

  @Test(
    "readable fixtures are clean, broken ones are not, and globals are named",
    arguments: try files())
  func fixtures(_ fixture: FixtureFile) throws {
    let scan = try PickleScan(path: fixture.path)
    let names = Set(scan.globals.map(\.qualifiedName))
    for global in fixture.refused?.globals ?? [] { #expect(names.contains(global)) }
    if fixture.refused == nil, fixture.mayRefuse == nil,
      !fixture.container.hasSuffix("json")
    {
      #expect(scan.isClean)
    }
    if fixture.refused?.when == "open" { #expect(!scan.isClean) }
  }

  @Test("what cannot be opened is an error of the system")
  func missing() {
    #expect(throws: SystemError(.open, path: "/nowhere", errorNumber: 2)) {
      try PickleScan(path: "/nowhere")
    }
  }
}
