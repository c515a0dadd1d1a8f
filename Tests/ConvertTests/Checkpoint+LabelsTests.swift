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

  @Test("what is next to OpenMMLab's labels is not taken with them")
  func besideLabels() throws {
    let checkpoint = try checkpoint("meta", dictionary("CLASSES", names))
    #expect(checkpoint.labels(classes: 2) == ["cat", "dog"])
    #expect(checkpoint.labelKey(classes: 2) == nil)
  }

  @Test(
    "those that scripts keep next to the weights are taken where there is one for each class",
    arguments: ["classes", "class_names", "labels"])
  func usualKeys(key: String) throws {
    let checkpoint = try checkpoint(key, names)
    #expect(checkpoint.labels(classes: 2) == ["cat", "dog"])
    #expect(checkpoint.labelKey(classes: 2) == key)
    // Such a key may mean something else.
    #expect(checkpoint.labels(classes: 3) == nil)
    #expect(checkpoint.labelKey(classes: 3) == nil)
    #expect(checkpoint.labelDisagreement(classes: 3) == nil)
  }

  @Test("dictionaries that number the classes are lists of them, in the numbers' order")
  func numbered() throws {
    func number(_ value: UInt8) -> [UInt8] { Array("K".utf8) + [value] }
    func entry(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] { key + value + Array("s".utf8) }
    let start = Array("}".utf8)
    let byName = start + entry(text("dog"), number(1)) + entry(text("cat"), number(0))
    let byNumber = start + entry(number(1), text("dog")) + entry(number(0), text("cat"))
    #expect(try checkpoint("class_to_idx", byName).labels(classes: 2) == ["cat", "dog"])
    #expect(try checkpoint("idx_to_class", byNumber).labels(classes: 2) == ["cat", "dog"])
    let gap = start + entry(text("dog"), number(2)) + entry(text("cat"), number(0))
    #expect(try checkpoint("class_to_idx", gap).labels(classes: 2) == nil)
    let twice = start + entry(text("dog"), number(0)) + entry(text("cat"), number(0))
    #expect(try checkpoint("class_to_idx", twice).labels(classes: 2) == nil)
  }

  private func checkpoint(_ key: String, _ value: [UInt8]) throws -> Checkpoint {
    let folder = try TemporaryFolder()
    let pickle = [0x80, 2] + dictionary(key, value) + Array(".".utf8)
    return try Checkpoint(path: folder.write(legacyFile(pickle), to: "a.pth"))
  }

  @Test("labels of a .convnext header are those of a classifier with as many outputs")
  func native() throws {
    let folder = try TemporaryFolder()
    let source = try Checkpoint(path: Fixtures.path("folders/single"))
    let native = try source.converted(to: folder.path("a.convnext"))
    #expect(native.labels(classes: 3) == source.labels(classes: 3))
    #expect(native.labels(classes: 3)?.count == 3 && native.labels(classes: 4) == nil)
    #expect(
      native.labelDisagreement(classes: 4)
        == "the header names 3 labels, the classifier has 4 outputs")
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
