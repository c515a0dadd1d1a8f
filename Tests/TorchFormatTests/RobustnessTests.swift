import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Damaged files")
struct RobustnessTests {
  static let data = floats(1, -2, 0.5, 3.25)

  /// A file that is not cut off or changed.
  static let zip: [UInt8] = {
    var members = ZipBytes.members(pickle, storages: ["0": data])
    // Without checksums, so that damage to the pickle is not found before it is read.
    for index in members.indices { members[index].checksum = 0 }
    return ZipBytes.archive(members).array
  }()

  static let pickle = P.pickle(
    P.dictionary([
      "w": P.tensor(), "list": P.list(P.none, P.integer(1 << 40), P.text("text")),
      "args": P.global("argparse", "Namespace") + P.ascii(")") + [0x81]
        + P.dictionary(["lr": P.integer(1)]) + P.ascii("b"),
      "bytes": P.call(P.global("_codecs", "encode"), P.text("a"), P.text("latin1")),
      "tied": P.tensor(shape: [2, 2], strides: [2, 1]) + P.ascii("q") + [0],
    ]))

  /// Reads as much of a file as there is; whatever it finds, it has to return.
  private func read(_ bytes: [UInt8]) -> Bool {
    let region = ByteRegion(copying: bytes)
    _ = TorchScan(region)
    guard
      let file = try? TorchFile(region, options: TorchReadingOptions(skipsUnknownGlobals: true))
    else { return false }
    for tensor in file.tensors { try? tensor.forEachChunk { _ in } }
    _ = try? file.verifyRecords()
    return true
  }

  @Test("the untouched files can be read")
  func sound() {
    #expect(read(Self.zip))
    #expect(read(LegacyContainerTests.file()))
  }

  @Test("a file that is cut off anywhere is refused")
  func truncation() {
    for whole in [Self.zip, LegacyContainerTests.file()] {
      for count in whole.indices {
        #expect(!read(Array(whole[..<count])), "cut off at \(count)")
      }
    }
  }

  @Test("any byte may be any other: the file is read or refused")
  func changedBytes() {
    var refused = 0
    for whole in [Self.zip, LegacyContainerTests.file()] {
      for index in whole.indices {
        for change in [0x01, 0xFF] as [UInt8] {
          var bytes = whole
          bytes[index] ^= change
          if !read(bytes) { refused += 1 }
        }
      }
    }
    #expect(refused > 500)
  }

  @Test("a line may be as long as numbers go", arguments: [.max, .max - 1] as [Int])
  func longestLine(limit: Int) throws {
    var limits = Limits.standard
    limits.pickleLineByteCount = limit
    let file = ByteRegion(copying: Self.zip)
    let options = TorchReadingOptions(limits: limits)
    #expect(try TorchFile(file, options: options).tensors.count == 2)
    #expect(TorchScan(file, options: options).failure == nil)
  }

  /// Limits that bound how often values are used, each of which is enough; and all others.
  static let limitNames: [[Limits.Name]] = {
    let repetition: [Limits.Name] = [.tensorCount, .pickleVisitCount, .pickleRepetitionRatio]
    return repetition.map { [$0] } + [Limits.Name.allCases.filter { !repetition.contains($0) }]
  }()

  @Test("limits may be as high as they can be set", arguments: limitNames)
  func highestLimits(names: [Limits.Name]) throws {
    var limits = Limits.standard
    for name in names { limits[name] = name.range.upperBound }
    var unreadable: [String] = []
    for fixture in TorchFixtureTests.files(refused: false) {
      var options = TorchFixtureTests.options(for: fixture)
      options.limits = limits
      let bytes = try fixture.bytes()
      _ = TorchScan(bytes, options: options)
      if (try? TorchFile(bytes, options: options)) == nil { unreadable.append(fixture.file) }
    }
    #expect(unreadable.isEmpty)
    for fixture in TorchFixtureTests.files(refused: true) {
      _ = TorchScan(try fixture.bytes(), options: TorchReadingOptions(limits: limits))
    }
  }

  @Test("random opcodes are read or refused")
  func randomPickles() {
    var generator = SeededGenerator(seed: 7)
    let opcodes = PickleOpcode.allCases.map(\.rawValue)
    // How many pickles were read to their end, and behind the tenth byte.
    var (readCount, farCount) = (0, 0)
    for _ in 0..<20_000 {
      var bytes: [UInt8] = [0x80, 4]
      for _ in 0..<Int.random(in: 1..<40, using: &generator) {
        bytes.append(
          Bool.random(using: &generator)
            ? opcodes.randomElement(using: &generator) ?? 0
            : UInt8.random(in: 0..<10, using: &generator))
      }
      var session = PickleSession(
        options: TorchReadingOptions(), policy: .observing, fileByteCount: 1 << 30)
      do {
        let pickle = try session.read(ByteRegion(copying: bytes + P.ascii(".")), .legacy)
        readCount += 1
        if pickle.end > 10 { farCount += 1 }
        try PickleSurveyor(depthLimit: 200, record: nil).survey(pickle.root)
        _ = TorchValue(pickle.root)
      } catch {
        if error.place.byteOffset ?? 0 > 10 { farCount += 1 }
      }
    }
    #expect(readCount >= 50)
    #expect(farCount >= 500)
  }

  @Test("fixtures that are cut off or changed are read or refused")
  func fixtures() throws {
    var readCount = 0
    for name in ["torch/by-hand.pth", "broken/laughs-lists.pth"] {
      let whole = try Fixtures.bytes(name).array
      for count in stride(from: 0, to: whole.count, by: 7) {
        #expect(!read(Array(whole[..<count])), "\(name) cut off at \(count)")
      }
      for index in whole.indices {
        var bytes = whole
        bytes[index] ^= 0x55
        if read(bytes) { readCount += 1 }
      }
    }
    // Some bytes mean nothing, such as the times of the members.
    #expect(readCount >= 200)
  }
}
