import ByteIO

/// A safetensors file made of its parts, in order or not.
///
/// - Parameter claimedByteCount: what the file says of its header's length; `nil`: the truth.
func handMadeFile(
  _ header: String, data: Int = 16, claimedByteCount: UInt64? = nil
) -> ByteRegion {
  var bytes: [UInt8] = []
  bytes.appendLittleEndian(claimedByteCount ?? UInt64(header.utf8.count))
  bytes.append(utf8: header)
  bytes.append(contentsOf: (0..<data).map { UInt8(truncatingIfNeeded: $0) })
  return ByteRegion(copying: bytes)
}

/// The header of one F32 tensor of 4 elements; `w` begins at byte 9 of the file.
let plainHeader = #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#
