public import ByteIO
public import TensorModel

/// A rule of the PyTorch formats that a file breaks, and where.
public struct TorchError: CheckpointError, Equatable {
  /// The broken rule.
  public let reason: Reason
  /// Where it was found. In a zip archive, offsets in a pickle count from the start of its record,
  /// and those of headers and of damaged records from the start of the file.
  public let place: ErrorPlace

  /// Creates an error from its parts.
  public init(_ reason: Reason, at place: ErrorPlace = ErrorPlace()) {
    self.reason = reason
    self.place = place
  }

  init(_ reason: Reason, record: String? = nil, offset: Int? = nil, tensor: String? = nil) {
    self.reason = reason
    place = ErrorPlace(record: record, byteOffset: offset, tensor: tensor)
  }

  /// - Parameter fileOffset: Where in the file the record, or its header, begins.
  init(_ reason: Reason, record: String, fileOffset: Int) {
    self.reason = reason
    place = ErrorPlace(record: record, byteOffset: fileOffset, from: .file)
  }

  /// The broken rule, one case each.
  public enum Reason: Equatable, Sendable {
    // Containers

    /// The bytes are not one of the containers that PyTorch writes.
    case unrecognized
    /// The file is a pickle, but not the sequence that `torch.save` wrote before 1.6.
    case barePickle
    /// The archive or pickle holds nothing like a checkpoint.
    case notACheckpoint(found: String)
    /// The tar container of 2016 and 2017.
    case tarContainer
    /// The preview container of 2018 (`PYTORCH1`).
    case previewContainer
    /// A file of another kind that programs can also read as a zip archive.
    case hiddenArchive

    // Zip archives

    /// There is no end-of-central-directory record.
    case zipEndMissing
    /// Bytes follow the archive.
    case zipTrailingBytes(count: Int)
    /// The archive's comment holds the signature of another end record.
    case zipCommentAmbiguous
    /// The archive is part of a set of several.
    case zipMultiDisk
    /// The archive has no members.
    case zipEmpty
    /// The end record and the directory do not agree.
    case zipDirectory(ZipDirectoryProblem, expected: Int, found: Int)
    /// The directory has more members than the limit.
    case zipEntryCount(count: Int, limit: Int)
    /// A header's signature is missing, or the descriptor after a member's data does not fit.
    case zipSignature(ZipHeader)
    /// A member's two headers disagree.
    case zipHeadersDisagree(field: String, expected: Int, found: Int)
    /// The name in a member's local header, or in an extra field, is a different one.
    case zipNamesDisagree
    /// A member's extra fields do not add up.
    case zipExtraField
    /// A member uses a flag that is not supported.
    case zipFlags(UInt16)
    /// A member is encrypted.
    case zipEncrypted
    /// A member is compressed by a method other than deflate.
    case zipMethod(Int)
    /// A stored member's compressed and uncompressed sizes differ.
    case zipStoredSizes(compressed: Int, uncompressed: Int)
    /// A member claims to inflate to more than deflate can give.
    case zipRatio(compressed: Int, uncompressed: Int)
    /// The members inflate to more than the limit.
    case zipInflatedByteCount(count: Int, limit: Int)
    /// A member is not within the space that the directory leaves, or leaves a gap.
    case zipOffset(expected: Int, found: Int)
    /// A member overlaps another.
    case zipOverlap(other: String)
    /// A member's name is not one that is accepted.
    case zipName(ZipNameProblem)
    /// Two members have the same name, or names that differ only in case.
    case zipDuplicate(other: String)
    /// A member's bytes do not have the checksum that the directory declares.
    case zipChecksum(declared: UInt32, computed: UInt32)
    /// A member's deflate stream is broken, or does not give the declared number of bytes.
    case zipDeflate(DeflateProblem)

    // Records

    /// A record that every archive has is missing.
    case recordMissing
    /// A record is larger than the limit.
    case recordByteCount(count: Int, limit: Int)
    /// A deflated record that is read as a whole inflates to more than its deflated bytes allow.
    case recordInflation(count: Int, limit: Int)
    /// The deflated pickles of an archive together inflate to more than the limit.
    case recordsInflation(count: Int, limit: Int)
    /// The archive's version is not a number, or below 1.
    case archiveVersion(found: String)
    /// The archive's version is newer than any that is known.
    case archiveVersionTooNew(found: Int, newest: Int)
    /// The record `byteorder` says neither `little` nor `big`.
    case byteOrder(found: String)

    // Pickles

    /// The pickle ends inside an opcode, or before STOP.
    case pickleTruncated(needed: Int, available: Int)
    /// Bytes follow the STOP opcode.
    case pickleTrailingBytes(count: Int)
    /// A byte that is not an opcode.
    case opcodeUnknown(UInt8)
    /// An opcode that `torch.save` does not produce.
    case opcodeRefused(PickleOpcode)
    /// A protocol that is not known.
    case pickleProtocol(found: Int, newest: Int)
    /// PROTO that is not the first opcode.
    case protocolMisplaced
    /// A frame that begins inside another, or an opcode that crosses the end of its frame.
    case frame
    /// An opcode finds too few values on the stack.
    case stackEmpty(PickleOpcode)
    /// An opcode needs a MARK and there is none.
    case markMissing(PickleOpcode)
    /// STOP with other than one value on the stack.
    case stackLeftOver(count: Int)
    /// A memo index that nothing was stored at.
    case memoMissing(index: Int)
    /// A text that is not valid UTF-8.
    case textEncoding
    /// A text has more combining marks, such as accents, in a row than the limit.
    case textMarks(limit: Int)
    /// A line without an end within the limit, or a global's module or name beyond it.
    case lineTooLong(limit: Int)
    /// A number that is malformed.
    case numberMalformed
    /// A whole number of more bytes than the limit.
    case integerTooLong(byteCount: Int, limit: Int)
    /// More opcodes than the limit: each makes a value, or does something to one.
    case valueCount(limit: Int)
    /// A pickle of an old file is longer than the limit.
    case pickleTooLong(limit: Int)
    /// More containers, tensors and objects than the file allows.
    case objectCount(limit: Int)
    /// More steps than the limit are needed to list the paths to the tensors.
    case visitCount(limit: Int)
    /// The pickle reuses its values so often that it produces more than its file allows.
    case repetition(limit: Int)
    /// Values nested deeper than the limit.
    case tooDeep(limit: Int)
    /// A value that contains itself.
    case cycle
    /// An opcode applied to a kind of value that it does not work on.
    case wrongOperand(PickleOpcode, found: String)
    /// A key without a value.
    case itemsOdd(count: Int)
    /// A dictionary key of a kind that cannot be one.
    case keyKind(found: String)
    /// The same key twice in a dictionary.
    case keyDuplicate(String)
    /// A key of a dictionary with tensors that Python may treat as equal to another of its keys.
    case keyAmbiguous(String)
    /// A global that is neither data nor known to be harmless.
    case globalRefused(GlobalUse)
    /// A file of another kind is a pickle to programs that load it as one, and does harm there.
    case hiddenPickle(GlobalUse)
    /// A call of something that is not a function or class that can be called here.
    case notCallable(found: String)
    /// A function's arguments are not what it takes.
    case arguments(function: String, expected: String)
    /// NEWOBJ gives arguments to a class whose `__new__` ignores them.
    case newArguments(class: String)

    // Storages and tensors

    /// A persistent id that does not describe a storage.
    case persistentID(expected: String)
    /// A storage key with characters other than letters, digits and underscores, or too long.
    case storageKey(String)
    /// A storage is described in two ways.
    case storageConflict(key: String)
    /// A storage's bytes are not in the file.
    case storageMissing(key: String)
    /// A storage does not have the declared number of bytes.
    case storageByteCount(key: String, declared: Int, found: Int)
    /// A storage's size overflows.
    case storageTooLarge(key: String, elementCount: Int)
    /// A tensor's sizes, strides or offset are not whole numbers from 0, or not one for each
    /// dimension.
    case tensorShape(expected: String)
    /// A tensor has more dimensions than the limit.
    case tensorRank(count: Int, limit: Int)
    /// A tensor's sizes and strides do not fit its storage.
    case tensorLayout(Tensor.LayoutError)
    /// A storage's bytes are not a whole number of the tensor's elements.
    case tensorElementWidth(storageByteCount: Int, elementByteCount: Int)
    /// Two tensors have the same path.
    case tensorDuplicate
    /// More tensors than the limit.
    case tensorCount(limit: Int)
    /// A tensor that would take too many bytes once written out, together with those before it.
    case tensorBudget(byteCount: Int, limit: Int)
    /// A tensor of a kind that is not supported.
    case tensorUnsupported(description: String)

    // The sequence of pickles before 1.6

    /// The first pickle is not PyTorch's magic number.
    case legacyMagic
    /// The second pickle is not 1001.
    case legacyVersion(found: String)
    /// One of the small pickles does not hold what it should.
    case legacyPart(LegacyPart, expected: String)
    /// The list of keys has a storage that nothing uses, or one twice.
    case legacyKey(String)
    /// The file ends inside a storage.
    case storageTruncated(key: String, needed: Int, available: Int)
    /// Bytes follow the last storage.
    case trailingBytes(count: Int)
  }
}
