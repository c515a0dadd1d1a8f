import ByteIO

/// A place in a pickle that asks for a global, or calls one.
protocol PlacedUse {
  /// The global, as it was asked for.
  var usedGlobal: GlobalUse { get }
  /// The zip record that holds the pickle, or `nil` where the file itself does.
  var record: String? { get }
  /// The opcode, from the start of the record or the file.
  var byteOffset: Int { get }
}

extension GlobalUse: PlacedUse {
  var usedGlobal: GlobalUse { self }
}

extension CallUse: PlacedUse {
  var usedGlobal: GlobalUse { global }
}

/// What is asked for, or called, and where: an archive may have two members with the same name.
struct UsePlace: Hashable {
  private let name: GlobalName
  private let record: ByteText?
  private let byteOffset: Int

  init(_ use: some PlacedUse) {
    name = use.usedGlobal.globalName
    record = use.record.map(ByteText.init)
    byteOffset = use.byteOffset
  }

  /// The place in the file, of which the pickle's record begins at an offset.
  init(_ use: some PlacedUse, inRecordAt fileOffset: Int) {
    name = use.usedGlobal.globalName
    record = nil
    byteOffset = fileOffset + use.byteOffset
  }
}
