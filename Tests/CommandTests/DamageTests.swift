import ByteIO
import TestSupport
import Testing

/// A change anywhere in a `.convnext` file is found and named.
@Suite("Damaged .convnext files")
struct DamageTests {
  private let folder: TemporaryFolder
  private let sound: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    let path = folder.path("sound.convnext")
    _ = try Command.run("convert", Fixtures.path("torch/protocol-2.pth"), "-o", path)
    sound = try folder.bytes("sound.convnext")
    #expect(try Command.run("verify", path).status == 0)
  }

  /// What `verify` says of these bytes: its status, and the lines with problems.
  private func verify(_ bytes: [UInt8]) throws -> (status: Int32, problems: String) {
    let result = try Command.run("verify", folder.write(bytes, to: "damaged.convnext"), "--quiet")
    #expect(result.error == "")
    return (result.status, result.output)
  }

  /// How a problem names the place of a changed byte, by `docs/native-format.md`.
  private func place(of offset: Int, _ header: JSONValue, dataOffset: Int) -> String {
    switch offset {
    case 0..<8: return "CONVNEXT"
    case 8..<12: return "version, byte 8 of the file: "
    case 12..<16, 72..<128: return "byte \(offset): a reserved byte"
    // A header that ends on the same page is read, and then its digest is another.
    case 16..<18: return "header digest, byte 40 of the file: "
    case 18..<24: return "header size, byte 16 of the file: "
    case 24..<32: return "data offset, byte 24 of the file: "
    case 32..<40: return "file size, byte 32 of the file: "
    case ..<dataOffset: return "header digest, byte 40 of the file: "
    default: break
    }
    for tensor in header["tensors"]?.arrayValue ?? [] {
      let name = tensor["name"]?.stringValue ?? ""
      let start = dataOffset + (tensor["offset"]?.integerValue ?? 0)
      if offset < start { return "byte \(offset): a byte between tensors, before '\(name)'" }
      if offset < start + (tensor["byteCount"]?.integerValue ?? 0) {
        return "byte \(start), tensor '\(name)': "
      }
    }
    return "no such byte"
  }

  @Test("one changed byte: exit status 1, and the tensor or the header's field is named")
  func changedByte() throws {
    let region = ByteRegion(copying: sound)
    let headerByteCount = Int(sound[16]) | Int(sound[17]) << 8
    let header = try JSONValue(
      parsing: #require(region.slice(offset: 128, byteCount: headerByteCount)))
    let dataOffset = 16384
    var offsets = Array(0..<200)
    offsets += stride(from: 200, to: sound.count, by: 97)
    offsets.append(sound.count - 1)
    var gapCount = 0
    for offset in offsets {
      var bytes = sound
      bytes[offset] ^= UInt8(1 << (offset % 8))
      let (status, problems) = try verify(bytes)
      let place = place(of: offset, header, dataOffset: dataOffset)
      #expect(status == 1, "byte \(offset)")
      #expect(problems.contains(place), "byte \(offset): \(problems)")
      if place.contains("between tensors") { gapCount += 1 }
    }
    #expect(gapCount > 0)
  }

  @Test("a changed byte in a tensor names that tensor")
  func changedTensor() throws {
    let json = try Command.run("checksum", folder.path("sound.convnext"), "--json").json()
    let names = try #require(json["tensors"]?.arrayValue).compactMap { $0["name"]?.stringValue }
    var bytes = sound
    bytes[sound.count - 1] ^= 1
    let (_, problems) = try verify(bytes)
    #expect(names.contains("head.classifier.bias"))
    #expect(problems.contains("'head.classifier.bias'"))
  }

  @Test("a file that is cut, or has bytes too many")
  func length() throws {
    let page = 16384
    for count in [
      1, 7, 8, 9, 39, 40, 72, 127, 128, 129, 1000, page - 1, page, page + 1, sound.count / 2,
      sound.count - 64, sound.count - 1,
    ] {
      let (status, problems) = try verify(Array(sound.prefix(count)))
      #expect(status == 1, "\(count) bytes")
      #expect(problems.contains("bytes") || problems.contains("header"), "\(count): \(problems)")
    }
    for extra in [1, 64, 16384] {
      let (status, _) = try verify(sound + [UInt8](repeating: 0, count: extra))
      #expect(status == 1)
    }
  }

  @Test("other commands refuse a damaged header, and do not read tensors for it")
  func otherCommands() throws {
    var header = sound
    header[300] ^= 1
    let path = try folder.write(header, to: "header.convnext")
    for command in ["inspect", "tensors", "checksum"] {
      let result = try Command.run(command, path)
      #expect(result.status == 65)
      #expect(result.output == "")
    }
    var data = sound
    data[sound.count - 1] ^= 1
    let damaged = try folder.write(data, to: "data.convnext")
    #expect(try Command.run("inspect", damaged).status == 0)
  }
}
