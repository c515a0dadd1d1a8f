import ByteIO
import Convert
import Foundation
import NativeFormat

@testable import TorchFormat

/// Inputs to begin with, made of the fixtures: whole small files, and the parts that a reader gets.
struct SeedCorpus {
  /// The folder `fixtures/`.
  let fixtures: String

  /// Larger files teach a fuzzer nothing that smaller ones do not.
  private static let largestByteCount = 32 << 10

  /// Writes the seeds of a target, named by their digests, which leaves out what occurs twice.
  func write(_ target: FuzzTarget, to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for seed in try seeds(of: target) where seed.byteCount <= Self.largestByteCount {
      try Data(seed.array).write(
        to: URL(fileURLWithPath: "\(folder)/seed-\(SHA256Digest(of: seed).hex.prefix(16))"))
    }
  }

  private func seeds(of target: FuzzTarget) throws -> [ByteRegion] {
    switch target {
    case .safetensors: return try files(endingIn: ".safetensors")
    case .zip: return try torchFiles().filter { TorchSniffing($0) == .zip }
    case .legacy: return try torchFiles().filter { TorchSniffing($0) != .zip }
    case .pickle: return try torchFiles().flatMap { pickles(in: $0) }
    case .native: return try nativeFiles()
    case .checkpoint:
      return try files(endingIn: ".safetensors") + torchFiles() + nativeFiles()
    case .index: return try files(endingIn: ".index.json")
    case .json:
      return try files(endingIn: ".json")
        + files(endingIn: ".safetensors").compactMap { file in
          file.slice(offset: 8, byteCount: file.byteCount - 8).flatMap { rest in
            rest.array.lastIndex(of: UInt8(ascii: "}"))
              .flatMap { rest.slice(offset: 0, byteCount: $0 + 1) }
          }
        }
    }
  }

  private func torchFiles() throws -> [ByteRegion] {
    try [".pth", ".pt", ".bin", ".ckpt"].flatMap { try files(endingIn: $0) }
  }

  /// The pickles of an archive, or a whole legacy file, which begins with one.
  private func pickles(in file: ByteRegion) -> [ByteRegion] {
    guard TorchSniffing(file) == .zip else { return [file] }
    guard let archive = try? ZipArchive(file, limits: .standard) else { return [] }
    return ["data.pkl", "constants.pkl"].compactMap {
      try? archive.record($0, limit: Self.largestByteCount)
    }
  }

  /// Small conversions; their data section begins at a page, so the fixtures with the fewest
  /// elements do.
  private func nativeFiles() throws -> [ByteRegion] {
    let folder =
      NSTemporaryDirectory() + "/convnext-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try ["torch/protocol-2.pth", "names/huggingface.safetensors", "v2/timm.safetensors"]
      .map { name in
        let checkpoint = try Checkpoint(path: "\(fixtures)/\(name)")
        let plan = try ConversionPlan(
          checkpoint, ConversionRequest(container: .convnext, tool: "fuzz"))
        let path = "\(folder)/seed.convnext"
        _ = try plan.write(to: path, replacingExisting: true)
        return ByteRegion(copying: try FileMapping(path: path).region.array)
      }
  }

  private func files(endingIn suffix: String) throws -> [ByteRegion] {
    let names = FileManager.default.enumerator(atPath: fixtures)?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(suffix) }.sorted()
      .map { try FileMapping(path: "\(fixtures)/\($0)").region }
  }
}
