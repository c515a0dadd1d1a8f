import ByteIO

@testable import TorchFormat

/// Tests that open archives around one pickled value.
protocol TensorArchives {}

extension TensorArchives {
  /// The bytes of the storage that values refer to where nothing else is said.
  static var data: [UInt8] { floats(1, -2, 0.5, 3.25) }

  /// Opens an archive around one pickled value.
  func open(
    _ value: [UInt8], storages: KeyValuePairs<String, [UInt8]> = ["0": data],
    byteOrder: String = "little", options: TorchReadingOptions = TorchReadingOptions()
  ) throws(TorchError) -> TorchFile {
    try TorchFile(
      ZipBytes.archive(value, storages: storages, byteOrder: byteOrder), options: options)
  }

  /// Why such an archive is refused.
  func failure(
    _ value: [UInt8], storages: KeyValuePairs<String, [UInt8]> = ["0": data]
  ) -> TorchError? {
    TorchFormatTests.failure { () throws(TorchError) in try open(value, storages: storages) }
  }
}
