import ByteIO
import Convert
import Foundation
import Inspect
import NativeFormat
import SafetensorsFormat
import TensorModel

@testable import NativeFormat
@testable import TorchFormat

/// A reader that is given any bytes: it has to throw or to read them, and what it read has to make
/// sense.
enum FuzzTarget: String, CaseIterable {
  /// A safetensors file.
  case safetensors
  /// A pickle, as it lies in `data.pkl`.
  case pickle
  /// A PyTorch zip archive.
  case zip
  /// A PyTorch file of before 1.6.
  case legacy
  /// A `.convnext` file, sealed anew so that a change in the header is not all that is found.
  case native
  /// An index of shards.
  case index
  /// JSON.
  case json
  /// A file of any kind, from its bytes to what is said of the model in it.
  case checkpoint

  func run(_ bytes: [UInt8]) {
    let region = ByteRegion(copying: bytes)
    switch self {
    case .safetensors: readSafetensors(region)
    case .pickle: readPickle(region)
    case .zip, .legacy: readTorch(region)
    case .native: readNative(bytes)
    case .index: _ = try? ShardIndex(parsing: region)
    case .json: readJSON(region)
    case .checkpoint: readCheckpoint(bytes)
    }
  }

  private func readSafetensors(_ region: ByteRegion) {
    guard let file = try? SafetensorsFile(region) else { return }
    touch(file.tensors)
    // A sound file covers all its bytes, each once.
    let byteCount = file.tensors.reduce(0) { $0 + $1.byteCount }
    precondition(8 + file.headerByteCount + byteCount == region.byteCount)
  }

  private func readPickle(_ region: ByteRegion) {
    for form in [StorageForm.zip, .legacy] {
      var session = PickleSession(
        options: TorchReadingOptions(), policy: .observing, fileByteCount: region.byteCount)
      guard let pickle = try? session.read(region, form) else { continue }
      for storage in pickle.storages where storage.byteCount <= 1 << 16 {
        let zeros = [UInt8](repeating: 0, count: storage.byteCount)
        storage.bytes = RegionStorage(ByteRegion(copying: zeros))
      }
      var tree = TensorTree(
        limits: .standard, record: nil, isBigEndian: false, fileByteCount: region.byteCount)
      guard (try? tree.add(pickle.root)) != nil else { continue }
      touch(tree.tensors)
      _ = TorchValue(pickle.root)
    }
  }

  private func readTorch(_ region: ByteRegion) {
    let scan = TorchScan(region)
    if let file = try? TorchFile(region) {
      // What can be read is clean.
      precondition(scan.failure == nil)
      precondition(scan.globals.allSatisfy { $0.verdict == .data || $0.verdict == .inert })
      precondition(scan.globals == file.globals)
      touch(file.tensors)
      _ = try? file.verifyRecords()
    }
    _ = try? TorchFile(region, options: TorchReadingOptions(skipsUnknownGlobals: true))
  }

  private func readNative(_ bytes: [UInt8]) {
    _ = try? NativeFile(ByteRegion(copying: bytes))
    guard let file = try? NativeFile(ByteRegion(copying: sealed(bytes))) else { return }
    touch(file.tensors)
    _ = try? file.verify()
  }

  /// The bytes with the sizes and the digest that a whole file of this header would have.
  private func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > NativeLayout.preambleByteCount else { return bytes }
    let dataStart = ByteRegion(copying: bytes).withUnsafeBytes {
      UInt64(
        littleEndian: $0.loadUnaligned(
          fromByteOffset: NativeLayout.headerByteCountOffset, as: UInt64.self))
    }
    let jsonByteCount = Int(clamping: dataStart)
    guard jsonByteCount <= bytes.count - NativeLayout.preambleByteCount,
      let dataOffset = NativeLayout.dataOffset(headerByteCount: jsonByteCount)
    else { return bytes }
    let json = Array(bytes[NativeLayout.preambleByteCount...].prefix(jsonByteCount))
    let data = bytes.dropFirst(dataOffset)
    return NativePreamble.head(
      json: json, dataOffset: dataOffset, fileByteCount: dataOffset + data.count) + data
  }

  private func readJSON(_ region: ByteRegion) {
    guard let value = try? JSONValue(parsing: region) else { return }
    for isPretty in [false, true] {
      let text = value.serialized(isPretty: isPretty)
      guard let again = try? JSONValue(parsing: ByteRegion(copying: text.utf8)) else {
        preconditionFailure("what was written cannot be read")
      }
      precondition(again.serialized(isPretty: isPretty) == text)
    }
  }

  private func readCheckpoint(_ bytes: [UInt8]) {
    // A checkpoint is mapped, from a file.
    let path =
      NSTemporaryDirectory() + "/convnext-fuzz-\(ProcessInfo.processInfo.processIdentifier).input"
    do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
      preconditionFailure("the input cannot be written: \(error)")
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    let scan = try? PickleScan(path: path)
    guard let checkpoint = try? Checkpoint(path: path) else { return }
    // What can be opened is clean.
    precondition(scan?.isClean == true)
    guard let inspection = try? Inspection(checkpoint) else { return }
    for matched in inspection.match?.tensors ?? [] {
      precondition(checkpoint.tensors.indices.contains(matched.inputIndex))
    }
    guard checkpoint.tensorByteCount <= 1 << 18 else { return }
    _ = try? checkpoint.manifest()
    _ = try? inspection.health()
  }

  /// Reads the elements of tensors that are not large.
  private func touch(_ tensors: [Tensor]) {
    for tensor in tensors.prefix(64) where tensor.byteCount <= 1 << 18 {
      try? tensor.forEachChunk { _ in }
    }
  }
}
