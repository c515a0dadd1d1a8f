import ByteIO
import ConvNeXtSchema
public import Inspect
import TensorModel
import TorchFormat

extension ModelDiff {
  /// Compares two checkpoints: under canonical names where both hold a ConvNeXt with all its
  /// tensors, whatever else they hold; else all tensors under the names in the files.
  ///
  /// - Parameters:
  ///   - left: The first checkpoint, which the second is held against.
  ///   - right: The second.
  ///   - usesSourceNames: Whether tensors are paired under the files' names in any case.
  ///   - tolerance: The distance of two elements that passes for equal.
  /// - Throws: `FileError` with an error of a storage, or of a tensor that cannot be read.
  public init(
    _ left: Checkpoint, _ right: Checkpoint, usesSourceNames: Bool = false,
    tolerance: Double? = nil
  ) throws {
    if !usesSourceNames, let leftMatch = try left.completeMatch(),
      let rightMatch = try right.completeMatch()
    {
      try self.init(
        left.namingItself(in: leftMatch.canonicalTensors(of: left)),
        right.namingItself(in: rightMatch.canonicalTensors(of: right)),
        isModel: true, tolerance: tolerance, leftOther: left.otherTensors(beside: leftMatch),
        rightOther: right.otherTensors(beside: rightMatch))
      return
    }
    for checkpoint in [left, right] {
      if let unsupported = checkpoint.unsupportedTensors.first {
        throw FileError(unsupported.error, path: checkpoint.path)
      }
    }
    try self.init(
      left.namingItself(in: left.tensors), right.namingItself(in: right.tensors), isModel: false,
      tolerance: tolerance)
  }
}

extension Checkpoint {
  /// Tensors of this file, with errors that name it.
  fileprivate func namingItself(in tensors: [Tensor]) -> [Tensor] {
    tensors.map { $0.reading(NamedStorage($0.storage, path: path)) }
  }

  /// Tensors that stand among a model's own without being part of it.
  fileprivate func otherTensors(beside match: ModelMatch) -> [TensorInfo] {
    let names = Set(
      match.problems.compactMap { if case .extra(let name, _, _) = $0 { name } else { nil } })
    return inputs.map(\.info).filter { names.contains($0.name) }
  }
}

/// Another storage's bytes, with errors that name their file.
private final class NamedStorage: TensorStorage {
  private let storage: any TensorStorage
  private let path: String
  var byteCount: Int { storage.byteCount }

  init(_ storage: any TensorStorage, path: String) {
    self.storage = storage
    self.path = path
  }

  func bytes() throws -> ByteRegion {
    do {
      return try storage.bytes()
    } catch let error as any CheckpointError {
      throw FileError(error, path: path)
    }
  }

  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    var isOwnError = true
    do {
      try storage.forEachPiece { piece in
        isOwnError = false
        try body(piece)
        isOwnError = true
      }
    } catch let error as any CheckpointError where isOwnError {
      throw FileError(error, path: path)
    }
  }
}
