import ByteIO
import TensorModel
import TestSupport
import Testing
import TorchFormat

@Suite("TorchFile on the fixtures")
struct TorchFixtureTests {
  static func files(refused: Bool) -> [FixtureFile] {
    ["pytorch-zip", "pytorch-legacy", "torchscript", "pytorch-tar"].flatMap { container in
      (try? refused
        ? FixtureManifest.refused(container: container)
        : FixtureManifest.readable(container: container)) ?? []
    }.filter { $0.refused?.rule != "name-mismatch" }
  }

  @Test("there are fixtures of every kind")
  func present() {
    #expect(Self.files(refused: false).count >= 30)
    #expect(Self.files(refused: true).count >= 200)
  }

  @Test(
    "names, types, shapes and elements are those that PyTorch reads",
    arguments: files(refused: false))
  func readable(_ fixture: FixtureFile) throws {
    let file = try TorchFile(fixture.bytes(), options: Self.options(for: fixture))
    let found = try file.tensors.map {
      FixtureTensor(
        name: $0.name.string, dtype: $0.elementType.name, shape: $0.shape, sha256: try $0.digest())
    }
    #expect(found == fixture.tensors)
    #expect(try file.verifyRecords().allSatisfy { !$0.isDamaged })
  }

  /// Files that break two rules, or one that has two names, and are refused for the other one.
  static let foundFirst = [
    "broken/opcode-inst.pth": "pickle-global",
    "broken/opcode-obj.pth": "pickle-global",
    "broken/int-text-long.pth": "pickle-line",
    "broken/float-text-bad.pth": "pickle-opcode",
    "broken/laughs-tuples-as-key.pth": "pickle-opcode",
    "broken/dup-flood.pth": "pickle-opcode",
    "broken/mark-flood.pth": "pickle-depth",
    "broken/tensor-stride-huge.pth": "tensor-overflow",
    "broken/tensor-offset-huge.pth": "tensor-overflow",
    "broken/legacy-module.pth": "pickle-global",
    "broken/zip-truncated-start.pth": "zip-directory",
    "broken/zip-prepended.pth": "zip-directory",
    "broken/zip-hole.pth": "zip-crc",
    "broken/zip-appended-archive.pth": "zip-directory",
    "broken/zip-empty.pth": "zip-empty",
  ]

  @Test("files that break a rule are refused for it", arguments: files(refused: true))
  func refused(_ fixture: FixtureFile) throws {
    let refusal = try #require(fixture.refused)
    let bytes = try fixture.bytes()
    var failure: (any Error)?
    // Small files by deflating much of the same: the rules that they break are those behind.
    var limits = Limits.standard
    limits.pickleInflationRatio = 2000
    limits.pickleObjectRatio = 2000
    do {
      let file = try TorchFile(bytes, options: TorchReadingOptions(limits: limits))
      #expect(refusal.when == "data", "opens")
      for tensor in file.tensors { try tensor.forEachChunk { _ in } }
    } catch { failure = error }
    let error = try #require(failure as? TorchError)
    #expect(error.category == (refusal.exit == 69 ? .unsupported : .invalidInput))
    #expect(error.rule == Self.foundFirst[fixture.file] ?? refusal.rule)
    #expect(!error.message.isEmpty)
  }

  @Test(
    "a scan names every global that is asked for",
    arguments: files(refused: true).filter { $0.refused?.globals.isEmpty == false })
  func scanned(_ fixture: FixtureFile) throws {
    let scan = TorchScan(try fixture.bytes())
    let found = Set(scan.globals.map(\.qualifiedName))
    let globals = try #require(fixture.refused).globals
    for global in globals {
      #expect(found.contains(global))
      #expect(scan.globals.contains { $0.qualifiedName == global && $0.verdict != .data })
    }
  }

  static func options(for fixture: FixtureFile) -> TorchReadingOptions {
    TorchReadingOptions(skipsUnknownGlobals: fixture.json["options"]?["skipUnknown"] != nil)
  }
}

extension RecordCheck {
  var isDamaged: Bool { if case .mismatch = status { true } else { false } }
}
