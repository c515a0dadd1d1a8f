import ByteIO

@testable import TorchFormat

/// Small zip archives as PyTorch lays them out, with room for faults.
struct ZipBytes {
  struct Member {
    var name: String
    var data: [UInt8]
    /// The bytes in the file, where they are not `data`.
    var raw: [UInt8]?
    var method: UInt16 = 0
    var checksum: UInt32?
    /// The external attributes.
    var attributes: UInt32 = 0
    /// The size in the directory, where it is not that of `data`.
    var byteCount: Int?
    /// Extra fields in the directory.
    var extra: [UInt8] = []
    /// Extra fields in the member's own header.
    var localExtra: [UInt8] = []
    /// Whether the sizes in the member's own header are those of its zip64 field.
    var hasLocalZip64 = false

    init(_ name: String, _ data: [UInt8]) {
      self.name = name
      self.data = data
    }
  }

  /// The members that `torch.save` writes around a pickle and its storages.
  static func members(
    _ pickle: [UInt8], storages: KeyValuePairs<String, [UInt8]> = [:], byteOrder: String = "little"
  ) -> [Member] {
    [Member("a/data.pkl", pickle), Member("a/byteorder", PickleBytes.ascii(byteOrder))]
      + storages.map { Member("a/data/\($0.key)", $0.value) }
      + [Member("a/version", PickleBytes.ascii("3\n"))]
  }

  static func archive(_ members: [Member]) -> ByteRegion {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let raw = member.raw ?? member.data
      let crc = member.checksum ?? checksum(of: ByteRegion(copying: member.data))
      let byteCount = member.byteCount ?? member.data.count
      let offset = file.count
      for signature in [0x0403_4B50, 0x0201_4B50] as [UInt32] {
        var header: [UInt8] = []
        header.appendLittleEndian(signature)
        // Versions: one number in the member's own header, two in the directory's.
        header += signature == 0x0403_4B50 ? [0, 0] : [0, 0, 0, 0]
        header.appendLittleEndian(UInt16(0x0800))
        header.appendLittleEndian(member.method)
        header.appendLittleEndian(UInt32(0))
        header.appendLittleEndian(crc)
        let isLocal = signature == 0x0403_4B50
        let isWide = isLocal && member.hasLocalZip64
        header.appendLittleEndian(isWide ? .max : UInt32(raw.count))
        header.appendLittleEndian(isWide ? .max : UInt32(byteCount))
        header.appendLittleEndian(UInt16(member.name.utf8.count))
        let extra = isLocal ? member.localExtra : member.extra
        header.appendLittleEndian(UInt16(extra.count))
        if isLocal {
          file += header + Array(member.name.utf8) + extra + raw
        } else {
          header += [UInt8](repeating: 0, count: 6)
          header.appendLittleEndian(member.attributes)
          header.appendLittleEndian(UInt32(offset))
          directory += header + Array(member.name.utf8) + extra
        }
      }
    }
    var end = Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0]
    end.appendLittleEndian(UInt16(members.count))
    end.appendLittleEndian(UInt16(members.count))
    end.appendLittleEndian(UInt32(directory.count))
    end.appendLittleEndian(UInt32(file.count))
    end += [0, 0]
    return ByteRegion(copying: file + directory + end)
  }

  /// An archive with a pickle of `value` and these storages.
  static func archive(
    _ value: [UInt8], storages: KeyValuePairs<String, [UInt8]> = [:], byteOrder: String = "little"
  ) -> ByteRegion {
    archive(members(PickleBytes.pickle(value), storages: storages, byteOrder: byteOrder))
  }

  /// A deflate stream that stores its bytes without compressing them (RFC 1951, 3.2.4).
  static func deflateStream(_ data: [UInt8]) -> [UInt8] {
    // Stored blocks have 16 bits for their size; the last one is marked.
    let largest = Int(UInt16.max)
    var stream: [UInt8] = []
    for start in stride(from: 0, through: max(0, data.count - 1), by: largest) {
      let block = data[start..<min(start + largest, data.count)]
      stream.append(block.endIndex == data.count ? 1 : 0)
      stream.appendLittleEndian(UInt16(block.count))
      stream.appendLittleEndian(~UInt16(block.count))
      stream += block
    }
    return stream
  }
}

extension ZipBytes {
  /// A deflate stream in the fixed code (RFC 1951, 3.2.6), of which a part can be read.
  static func fixedCodeStream(_ data: [UInt8]) -> [UInt8] {
    fixedCodeStream(data, runIndex: data.count, runCount: 0)
  }

  /// The same, in which the byte at `runIndex` is followed `runCount` times by 258 more of itself.
  static func fixedCodeStream(
    _ data: [UInt8], runIndex: Int, runCount: Int
  ) -> [UInt8] {
    // The last block, of type 1: lowest bits first. Codes have their highest bit first.
    var bits: [Bool] = [true, true, false]
    func append(_ code: Int, bitCount: Int) {
      bits += (0..<bitCount).reversed().map { code >> $0 & 1 == 1 }
    }
    for (index, byte) in data.enumerated() {
      byte < 144
        ? append(0x30 + Int(byte), bitCount: 8) : append(0x190 + Int(byte) - 144, bitCount: 9)
      guard index == runIndex else { continue }
      for _ in 0..<runCount {
        // A length of 258, and a distance of 1.
        append(0xC5, bitCount: 8)
        append(0, bitCount: 5)
      }
    }
    append(0, bitCount: 7)
    return stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<min(start + 8, bits.count)].reversed().reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
  }
}

/// Bytes of little-endian 32-bit floats.
func floats(_ values: Float...) -> [UInt8] {
  var bytes: [UInt8] = []
  for value in values { bytes.appendLittleEndian(value.bitPattern) }
  return bytes
}

/// The error that `body` throws, or `nil` where it throws none.
func failure<Value>(_ body: () throws(TorchError) -> Value) -> TorchError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// Why a file is refused under the standard limits, or others; `nil` where it is read.
func reason(
  _ file: ByteRegion, _ change: (inout Limits) -> Void = { _ in }
) -> TorchError.Reason? {
  var limits = Limits.standard
  change(&limits)
  return failure { () throws(TorchError) in
    try TorchFile(file, options: TorchReadingOptions(limits: limits))
  }?.reason
}
