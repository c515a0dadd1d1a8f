import ByteIO
import TestSupport
import Testing

@testable import Convert

@Suite("Class labels")
struct CheckpointLabelsTests {
  private func text(_ text: String) -> [UInt8] {
    Array("X".utf8) + [UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
  }

  private func dictionary(_ key: String, _ value: [UInt8]) -> [UInt8] {
    Array("}".utf8) + text(key) + value + Array("s".utf8)
  }

  private func labels(_ meta: [UInt8], classes: Int?) throws -> [String]? {
    let folder = try TemporaryFolder()
    let pickle = [0x80, 2] + dictionary("meta", meta) + Array(".".utf8)
    return try Checkpoint(path: folder.write(legacyFile(pickle), to: "a.pth")).labels(
      classes: classes)
  }

  private var names: [UInt8] { Array("(".utf8) + text("cat") + text("dog") + Array("t".utf8) }

  @Test("those that OpenMMLab keeps are taken where the classifier has as many classes")
  func openMMLab() throws {
    let new = dictionary("dataset_meta", dictionary("classes", names))
    let old = dictionary("CLASSES", names)
    for meta in [new, old] {
      #expect(try labels(meta, classes: 2) == ["cat", "dog"])
      #expect(try labels(meta, classes: 3) == nil)
      #expect(try labels(meta, classes: nil) == nil)
    }
  }

  @Test("a list of another length is a disagreement, which names its place")
  func disagreement() throws {
    let folder = try TemporaryFolder()
    let pickle =
      [0x80, 2] + dictionary("meta", dictionary("CLASSES", names)) + Array(".".utf8)
    let checkpoint = try Checkpoint(path: folder.write(legacyFile(pickle), to: "a.pth"))
    #expect(checkpoint.labelDisagreement(classes: 2) == nil)
    #expect(
      checkpoint.labelDisagreement(classes: 3)
        == "meta.CLASSES names 2 labels, the classifier has 3 outputs")
  }

  @Test("of two lists the one that fits is taken, and is no disagreement")
  func severalLists() throws {
    let folder = try TemporaryFolder()
    let one = Array("(".utf8) + text("bird") + Array("t".utf8)
    // Two entries of one dictionary: the opcodes of the second go on where the first end.
    let meta =
      dictionary("dataset_meta", dictionary("classes", one)) + text("CLASSES") + names
      + Array("s".utf8)
    let pickle = [0x80, 2] + dictionary("meta", meta) + Array(".".utf8)
    let checkpoint = try Checkpoint(path: folder.write(legacyFile(pickle), to: "a.pth"))
    #expect(checkpoint.labels(classes: 2) == ["cat", "dog"])
    #expect(checkpoint.labelDisagreement(classes: 2) == nil)
    #expect(checkpoint.labelDisagreement(classes: 3)?.contains("names 1 label,") == true)
  }

  @Test("anything but a list of texts is no list of names")
  func others() throws {
    let mixed = Array("(".utf8) + text("cat") + Array("Nt".utf8)
    for value in [mixed, text("cat, dog"), Array("N".utf8)] {
      #expect(try labels(dictionary("CLASSES", value), classes: 2) == nil)
    }
  }
}
