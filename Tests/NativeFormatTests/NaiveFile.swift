import ByteIO
import TensorModel

@testable import NativeFormat

/// A `.convnext` file put together byte by byte as `docs/native-format.md` says, on one thread and
/// without the writer's help; also with faults that the writer would not make.
struct NaiveFile {
  var magic = "CONVNEXT"
  var version: UInt32 = 1
  var json: String
  var data: [UInt8] = []
  /// What the preamble says, where it is not the truth.
  var headerByteCount: UInt64?
  var dataOffset: UInt64?
  var fileByteCount: UInt64?

  /// A file of a JSON text and a data section.
  init(json: String, data: [UInt8] = []) {
    self.json = json
    self.data = data
  }

  /// A file of a header and of each tensor's bytes.
  init(_ header: NativeHeader, _ tensors: [(info: TensorInfo, bytes: [UInt8])]) {
    var header = header
    header.tensors = []
    for (info, bytes) in tensors {
      while data.count % 64 != 0 { data.append(0) }
      header.tensors.append(
        NativeHeader.Entry(
          info: info, dataOffset: data.count, byteCount: bytes.count,
          digest: SHA256Digest(of: ByteRegion(copying: bytes))))
      data += bytes
    }
    json = header.json.serialized()
  }

  var bytes: [UInt8] {
    var end = 128 + json.utf8.count
    while end % 16384 != 0 { end += 1 }
    var bytes = Array(magic.utf8)
    bytes.appendLittleEndian(version)
    bytes.appendLittleEndian(UInt32(0))
    bytes.appendLittleEndian(headerByteCount ?? UInt64(json.utf8.count))
    bytes.appendLittleEndian(dataOffset ?? UInt64(end))
    bytes.appendLittleEndian(fileByteCount ?? UInt64(end + data.count))
    bytes += [UInt8](repeating: 0, count: 128 - bytes.count)
    bytes += json.utf8
    bytes += [UInt8](repeating: 0, count: end - bytes.count)
    return Self.sealed(bytes + data, dataOffset: end)
  }

  var region: ByteRegion { ByteRegion(copying: bytes) }

  /// The same bytes with the digest that the header has now.
  static func sealed(_ bytes: [UInt8], dataOffset: Int = 16384) -> [UInt8] {
    var bytes = bytes
    bytes.replaceSubrange(40..<72, with: [UInt8](repeating: 0, count: 32))
    let digest = SHA256Digest(of: ByteRegion(copying: bytes[..<dataOffset]))
    bytes.replaceSubrange(40..<72, with: digest.bytes)
    return bytes
  }
}
