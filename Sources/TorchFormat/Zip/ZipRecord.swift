/// What a zip archive is made of besides its members' bytes (PKWARE's APPNOTE.TXT, section 4.3).
/// The raw value is the record's signature.
enum ZipRecord: UInt32 {
  /// The header before a member's bytes.
  case local = 0x0403_4B50
  /// The checksum and sizes after a member's bytes.
  case descriptor = 0x0807_4B50
  /// A member's header in the directory.
  case central = 0x0201_4B50
  case end = 0x0605_4B50
  case zip64Locator = 0x0706_4B50
  case zip64End = 0x0606_4B50

  /// The bytes of the fixed part, its signature included; sizes in 32 bits.
  var byteCount: Int {
    switch self {
    case .local: 30
    case .descriptor: 16
    case .central: 46
    case .end: 22
    case .zip64Locator: 20
    case .zip64End: 56
    }
  }

  /// What a 32-bit field holds if a number is too large for it and is in a zip64 field instead.
  static let saturated = 0xFFFF_FFFF
  /// The same for a 16-bit field.
  static let saturatedCount = 0xFFFF

  /// The signature as it is in a file: `PK` and two numbers.
  var signatureBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (8 * $0)) } }
}
