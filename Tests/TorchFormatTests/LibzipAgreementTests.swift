import ByteIO
import TestSupport
import Testing

@testable import TorchFormat

/// The directory is read by this package's own code, for libzip tells neither where a stored
/// member's bytes lie nor which bytes belong to no tensor. What that code accepts, libzip has to read
/// alike: an archive that two programs read in two ways is not to be trusted.
@Suite("ZipDirectory beside libzip")
struct LibzipAgreementTests {
  private static func members(of region: ByteRegion) throws(TorchError) -> [LibzipArchive.Member] {
    try ZipDirectory.entries(of: region, limits: .standard).map { entry in
      LibzipArchive.Member(
        nameBytes: Array(entry.name.utf8), method: Int(entry.method.rawValue),
        checksum: entry.checksum, compressedByteCount: entry.compressedByteCount,
        byteCount: entry.byteCount)
    }
  }

  static let archives: [FixtureFile] =
    ((try? FixtureManifest.readable(container: "pytorch-zip")) ?? [])
    + ((try? FixtureManifest.readable(container: "torchscript")) ?? [])

  @Test("both list the same members of every archive", arguments: archives)
  func fixtures(_ fixture: FixtureFile) throws {
    let region = try fixture.bytes()
    #expect(try Self.members(of: region) == LibzipArchive.members(of: region))
  }

  @Test("there are archives of every kind to compare")
  func present() throws {
    #expect(Self.archives.count >= 30)
    let methods = try Self.archives.flatMap { try Self.members(of: $0.bytes()).map(\.method) }
    #expect(Set(methods) == [0, 8])
  }

  @Test("an archive with one changed byte is refused, or both list the same members")
  func changedBytes() throws {
    var acceptedCount = 0
    let members = ZipArchiveTests.members
    var bytes = ZipBytes.archive(members).array
    for index in bytes.indices {
      let original = bytes[index]
      for change in [1, 2, 4, 8, 16, 32, 64, 128, 255] as [UInt8] {
        bytes[index] = original ^ change
        let region = ByteRegion(copying: bytes)
        guard let ours = try? Self.members(of: region) else { continue }
        acceptedCount += 1
        #expect(ours == LibzipArchive.members(of: region), "byte \(index) ^ \(change)")
      }
      bytes[index] = original
    }
    // Changes of the members' own bytes leave the directory as it is.
    #expect(acceptedCount > 9 * members.map(\.data.count).reduce(0, +) / 2)
  }
}
