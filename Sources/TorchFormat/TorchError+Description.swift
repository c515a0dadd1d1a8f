public import ByteIO
import TensorModel

extension TorchError {
  /// Whether the file is broken, or of a kind that is not supported.
  public var category: FailureCategory {
    switch reason {
    case .tarContainer, .previewContainer, .zipMultiDisk, .zipEncrypted, .zipMethod, .zipFlags,
      .archiveVersionTooNew, .pickleProtocol, .legacyVersion, .tensorUnsupported:
      .unsupported
    default: .invalidInput
    }
  }

  /// The broken rule's stable name.
  public var rule: String {
    switch reason {
    case .unrecognized: "unknown-format"
    case .barePickle, .notACheckpoint: "not-a-checkpoint"
    case .tarContainer, .previewContainer: "foreign-format"
    case .hiddenArchive: "zip-hidden"
    case .zipEndMissing: "zip-no-directory"
    case .zipTrailingBytes: "zip-trailing"
    case .zipCommentAmbiguous: "zip-comment"
    case .zipMultiDisk: "zip-multi-disk"
    case .zipEmpty: "zip-empty"
    case .zipDirectory, .zipEntryCount, .zipSignature(.central), .zipSignature(.zip64End):
      "zip-directory"
    case .zipSignature(.local), .zipSignature(.descriptor), .zipHeadersDisagree, .zipNamesDisagree:
      "zip-local"
    case .zipExtraField: "zip-extra"
    case .zipFlags: "zip-flags"
    case .zipEncrypted: "zip-encrypted"
    case .zipMethod: "zip-method"
    case .zipStoredSizes: "zip-size"
    case .zipRatio, .zipInflatedByteCount: "zip-ratio"
    case .zipOffset: "zip-offset"
    case .zipOverlap: "zip-overlap"
    case .zipName(.noFolder): "torch-record"
    case .zipName: "zip-name"
    case .zipDuplicate: "zip-duplicate"
    case .zipChecksum: "zip-crc"
    case .zipDeflate: "zip-deflate"
    case .recordMissing, .recordByteCount: "torch-record"
    case .recordInflation, .recordsInflation: "zip-ratio"
    case .archiveVersion, .archiveVersionTooNew: "torch-version"
    case .byteOrder: "torch-byteorder"
    case .pickleTruncated: "pickle-truncated"
    case .pickleTrailingBytes: "pickle-trailing"
    case .opcodeUnknown, .opcodeRefused: "pickle-opcode"
    case .pickleProtocol, .protocolMisplaced: "pickle-protocol"
    case .frame: "pickle-frame"
    case .stackEmpty, .markMissing, .stackLeftOver: "pickle-stack"
    case .memoMissing: "pickle-memo"
    case .textEncoding, .textMarks: "pickle-text"
    case .lineTooLong: "pickle-line"
    case .numberMalformed, .integerTooLong: "pickle-number"
    case .valueCount, .pickleTooLong, .objectCount, .visitCount, .repetition, .tensorCount:
      "pickle-budget"
    case .tooDeep: "pickle-depth"
    case .cycle: "pickle-cycle"
    case .wrongOperand, .itemsOdd, .keyKind, .notCallable: "pickle-container"
    case .keyDuplicate, .keyAmbiguous, .tensorDuplicate: "duplicate-name"
    case .globalRefused, .hiddenPickle: "pickle-global"
    case .arguments, .newArguments: "pickle-argument"
    case .persistentID: "storage-id"
    case .storageKey: "storage-key"
    case .storageConflict, .legacyKey: "storage-conflict"
    case .storageMissing: "storage-missing"
    case .storageByteCount, .storageTooLarge: "storage-size"
    case .storageTruncated: "storage-truncated"
    case .tensorLayout(.outOfBounds): "tensor-bounds"
    case .tensorLayout(.shapeOverflows): "tensor-overflow"
    case .tensorShape, .tensorRank, .tensorLayout, .tensorElementWidth: "tensor-shape"
    case .tensorBudget: "tensor-budget"
    case .tensorUnsupported: "tensor-unsupported"
    case .legacyMagic: "legacy-magic"
    case .legacyVersion: "legacy-version"
    case .legacyPart: "legacy-part"
    case .trailingBytes: "trailing-bytes"
    }
  }

  /// What helps in the common cases.
  public var hint: String? {
    switch reason {
    case .zipEndMissing, .pickleTruncated, .storageTruncated, .zipChecksum, .zipDeflate:
      "the file is likely cut off or damaged: get it again"
    case .globalRefused(let use) where use.globalName.isOfDistributedTensors:
      "each process holds a part of such a tensor: save a full state dict instead "
        + "(get_model_state_dict with full_state_dict=True)"
    case .globalRefused(let use) where use.verdict == .unknown:
      "--skip-unknown reads the tensors and leaves the rest out; 'convnext scan' shows what that is"
    case .globalRefused, .hiddenPickle:
      "do not open the file with Python; convnext scan lists everything that it asks for"
    case .tarContainer, .archiveVersionTooNew, .pickleProtocol, .legacyVersion, .previewContainer:
      "load and save it again with PyTorch, in a sandbox"
    case .barePickle: "load it where it comes from, and save its tensors with torch.save"
    case .tensorUnsupported:
      "a dense tensor under a plain key can be read: in PyTorch, to_dense(), dequantize() or "
        + "from_numpy() makes one"
    case .arguments, .keyAmbiguous:
      "the file was changed, or has an object that may act when Python loads it: get it again, or "
        + "ask its publisher for the state dict alone"
    case .keyKind: "only plain values, classes, tensors and short tuples are read as keys"
    case .opcodeRefused(let opcode) where opcode == .persid:
      "PyTorch cannot read protocol 0 back either: save with another one"
    case .zipMultiDisk, .zipEncrypted, .zipMethod, .zipFlags:
      "torch.save writes no such archive: unpack it, and save the weights again"
    default: limit?.hint ?? (rule.hasPrefix("zip-") ? Self.archiveHint : Self.fileHint)
    }
  }

  private static let fileHint =
    "the file was changed, or torch.save did not write it: get it again from its publisher"

  private static let archiveHint =
    "the archive is damaged, or was made to mislead: get the file again from its publisher"

  /// The limit that the file exceeds, if it is one that can be raised.
  private var limit: Limits.Name? {
    switch reason {
    case .zipEntryCount: .zipEntryCount
    case .zipInflatedByteCount: .inflatedByteCount
    case .recordByteCount(_, let limit) where limit != Self.smallRecordByteCount: .pickleByteCount
    case .recordInflation, .recordsInflation: .pickleInflationRatio
    case .lineTooLong: .pickleLineByteCount
    case .integerTooLong: .pickleIntegerByteCount
    case .valueCount: .pickleValueCount
    case .pickleTooLong: .pickleByteCount
    case .objectCount: .pickleObjectRatio
    case .visitCount: .pickleVisitCount
    case .repetition: .pickleRepetitionRatio
    case .tooDeep: .pickleDepth
    case .tensorCount: .tensorCount
    case .tensorRank: .rank
    case .tensorBudget: .expansionRatio
    default: nil
    }
  }

  /// The most bytes that one of an archive's small records, such as `version`, may have.
  static let smallRecordByteCount = 64
}
