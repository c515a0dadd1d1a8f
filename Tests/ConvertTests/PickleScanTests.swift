import ByteIO
import Convert
import TestSupport
import Testing
import TorchFormat

@Suite("PickleScan")
struct PickleScanTests {
  private static func files() -> [FixtureFile] {
    ((try? FixtureManifest.files()) ?? []).filter { $0.container.hasPrefix("pytorch") }
  }

  @Test("a file is clean just when it opens", arguments: files())
  func agreesWithOpening(_ fixture: FixtureFile) throws {
    let scan = try PickleScan(path: fixture.path)
    let opens: Bool
    do {
      _ = try Checkpoint(path: fixture.path)
      opens = true
    } catch { opens = false }
    #expect(scan.isClean == opens)
  }

  @Test("every global that a hostile fixture asks for is named", arguments: files())
  func namesGlobals(_ fixture: FixtureFile) throws {
    let names = try PickleScan(path: fixture.path).globals.map(\.qualifiedName)
    for global in fixture.refused?.globals ?? [] { #expect(names.contains(global)) }
  }

  @Test("a file without pickles is clean when it is sound, and says why when it is not")
  func scansOtherFiles() throws {
    #expect(try PickleScan(path: Fixtures.path("names/timm.safetensors")).isClean)
    let gap = try PickleScan(path: Fixtures.path("broken/gap.safetensors"))
    #expect(!gap.isClean)
    #expect(gap.globals.isEmpty)
    #expect(gap.failure?.category == .invalidInput)
  }

  @Test("the manifests have PyTorch files to scan")
  func hasFixtures() {
    #expect(Self.files().count > 100)
  }

  @Test("a missing file cannot be scanned")
  func missingFile() {
    #expect(throws: SystemError.self) { try PickleScan(path: Fixtures.path("no-such-file")) }
  }

  @Test("a pickle that begins and ends like nothing in particular is listed, and not clean")
  func textOpcodes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("cos\nsystem\n(S'id'\ntR".utf8, to: "x.bin")
    let scan = try PickleScan(path: path)
    #expect(!scan.isClean)
    #expect(scan.calls.map(\.global.qualifiedName) == ["os.system"])
    #expect(scan.failure?.category == .invalidInput)
  }
}
