import ByteIO
import TensorModel
import TestSupport
import Testing

@Suite("Manifest")
struct ManifestTests {
  private func tensor(_ name: TensorName, _ shape: [Int], _ bytes: [UInt8]) throws -> Tensor {
    try Tensor(
      name: name, elementType: .uint8, shape: shape,
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  @Test("a manifest has a line a tensor, sorted by name, and its digest is of the text")
  func text() throws {
    let manifest = try Manifest(of: [
      tensor("b", [2, 1], [1, 2]), tensor("a.10", [], [3]), tensor("a.9", [0], []),
    ])
    let three = "084fed08b978af4d7d196a7446a86b58009e636b611db16211b65a9aadff29c5"
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    let oneTwo = "a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222"
    #expect(
      manifest.text == """
        \(three)  U8[]  a.10
        \(empty)  U8[0]  a.9
        \(oneTwo)  U8[2,1]  b

        """)
    #expect(manifest.contentDigest == SHA256Digest(of: manifest.text))
    #expect(Manifest([]).text == "")
  }

  @Test("the order of tensors does not matter, their names, shapes and types do")
  func sameness() throws {
    let first = try Manifest(of: [tensor("a", [2], [1, 2]), tensor("b", [1], [3])])
    let second = try Manifest(of: [tensor("b", [1], [3]), tensor("a", [2], [1, 2])])
    #expect(first == second)
    #expect(first.contentDigest == second.contentDigest)
    let reshaped = try Manifest(of: [tensor("a", [1, 2], [1, 2]), tensor("b", [1], [3])])
    #expect(reshaped.contentDigest != first.contentDigest)
  }

  @Test("a name's own bytes are in the line, not an escaped form")
  func oddNames() throws {
    let entry = try ManifestEntry(
      info: TensorInfo(name: "a\nb", elementType: .complex128, shape: [1, 2]),
      digest: #require(SHA256Digest(hex: String(repeating: "0f", count: 32))))
    #expect(entry.line == String(repeating: "0f", count: 32) + "  C128[1,2]  a\nb")
  }

  @Test("manifests of fixtures have the digests that Python computed")
  func fixtures() throws {
    let file = try FixtureManifest.file("names/timm.safetensors")
    #expect(file.tensors.count > 10)
    #expect(try file.bytes().byteCount == file.byteCount)
    #expect(try SHA256Digest(of: file.bytes()) == file.sha256)
  }
}
