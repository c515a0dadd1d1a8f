import ByteIO
import TensorModel

extension TorchError {
  /// What was expected and what was found.
  public var message: String {
    switch reason {
    // Containers

    case .unrecognized: "expected a zip archive or a pickle, found neither"
    case .barePickle: "the file is a pickle, but not one that torch.save wrote"
    case .notACheckpoint(let found): "expected a checkpoint, found \(found)"
    case .tarContainer: "the tar container of 2016 and 2017 is not supported"
    case .previewContainer: "the preview container of 2018 is not supported"

    // Zip archives

    case .hiddenArchive:
      "the file is a zip archive as well, from which PyTorch and other programs would read other"
        + " tensors or run code"
    case .zipEndMissing: "the archive has no end record: its directory is missing"
    case .zipTrailingBytes(let count): "expected the end of the archive, found \(count) more bytes"
    case .zipCommentAmbiguous: "the archive's comment holds the signature of another end record"
    case .zipMultiDisk: "archives in several parts are not supported"
    case .zipEmpty: "the archive has no members"
    case .zipDirectory(let problem, let expected, let found):
      describe(problem, expected: expected, found: found)
    case .zipEntryCount(let count, let limit):
      "the archive has \(count) members, the limit is \(limit)"
    case .zipSignature(let header): "expected a \(describe(header)), found something else"
    case .zipHeadersDisagree(let field, let expected, let found):
      "the member's own header and the directory differ in the \(field): \(found) and \(expected)"
    case .zipNamesDisagree:
      "the member's name in its own header, or in an extra field, differs from the directory's"
    case .zipExtraField: "the member's extra fields do not add up"
    case .zipFlags(let flags): "the member has flags that are not supported: \(flags)"
    case .zipEncrypted: "the member is encrypted"
    case .zipMethod(let method):
      "the member is compressed by method \(method); only stored and deflated members are supported"
    case .zipStoredSizes(let compressed, let uncompressed):
      "a stored member has one size, this one has \(compressed) and \(uncompressed) bytes"
    case .zipRatio(let compressed, let uncompressed):
      "\(compressed) bytes cannot inflate to \(uncompressed)"
    case .zipInflatedByteCount(let count, let limit):
      "the members inflate to \(count) bytes or more, the limit is \(limit)"
    case .zipOffset(let expected, let found):
      "expected the next part of the archive at byte \(expected), found byte \(found)"
    case .zipOverlap(let other): "the member overlaps \(quoted(other))"
    case .zipName(let problem): describe(problem)
    case .zipDuplicate(let other): "the archive has another member \(quoted(other))"
    case .zipChecksum(let declared, let computed):
      "the record's bytes have the CRC-32 \(lowercaseHex(computed)), the archive declares \(lowercaseHex(declared))"
    case .zipDeflate(let problem): describe(problem)

    // Records

    case .recordMissing: "the archive does not have this record"
    case .recordByteCount(let count, let limit):
      "the record has \(count) bytes, the limit is \(limit)"
    case .recordInflation(let count, let limit):
      "the record inflates to \(count) bytes; for its deflated size, the limit is \(limit)"
    case .recordsInflation(let count, let limit):
      "the archive's pickles inflate to \(count) bytes or more; for a file of this size, the limit is"
        + " \(limit)"
    case .archiveVersion(let found): "expected the archive's version, found \(quoted(found))"
    case .archiveVersionTooNew(let found, let newest):
      "the archive is of version \(found), the newest that is supported is \(newest)"
    case .byteOrder(let found): "expected 'little' or 'big', found \(quoted(found))"

    // Pickles

    case .pickleTruncated(let needed, let available):
      "the pickle ends early: \(counted(needed, "byte")) needed, \(available) left"
    case .pickleTrailingBytes(let count): bytesFollow(count, "the end of the pickle")
    case .opcodeUnknown(let byte): "0x\(lowercaseHex([byte])) is not an opcode of a pickle"
    case .opcodeRefused(let opcode): "the opcode \(opcode.name) is not one that torch.save writes"
    case .pickleProtocol(let found, let newest):
      "the pickle is of protocol \(found), the newest that is supported is \(newest)"
    case .protocolMisplaced: "PROTO is not the first opcode"
    case .frame: "a frame overlaps another, cuts an opcode in two, or runs past its pickle"
    case .stackEmpty(let opcode): "\(opcode.name) finds too few values on the stack"
    case .markMissing(let opcode): "\(opcode.name) finds no mark on the stack"
    case .stackLeftOver(let count): "expected one value at the end of the pickle, found \(count)"
    case .memoMissing(let index): "nothing was stored in the memo at \(index)"
    case .textEncoding: "a text is not valid UTF-8"
    case .textMarks(let limit): "a text has more than \(limit) combining marks in a row"
    case .lineTooLong(let limit): "a line or a name is longer than \(limit) bytes"
    case .numberMalformed: "a number is malformed"
    case .integerTooLong(let byteCount, let limit):
      "a whole number has \(byteCount) bytes, the limit is \(limit)"
    case .pickleTooLong(let limit): "the pickle has more than \(limit) bytes, the limit"
    case .valueCount(let limit): "the pickle takes more than \(limit) steps"
    case .objectCount(let limit):
      "the pickle makes more than \(limit) containers and objects, the limit for a file of this size"
    case .visitCount(let limit):
      "listing the tensors takes more than \(limit) steps, because values occur in many places"
    case .repetition(let limit):
      "the pickle reuses its values too often: for a file of this size, the limit is"
        + " \(limit) values and bytes"
    case .tooDeep(let limit): "values are nested deeper than \(limit) levels"
    case .cycle: "a value contains itself"
    case .wrongOperand(let opcode, let found): "\(opcode.name) does not work on \(found)"
    case .itemsOdd(let count): "expected keys and values in pairs, found \(count) values"
    case .keyKind(let found): "a dictionary key cannot be \(found)"
    case .keyDuplicate(let key): "a dictionary has the key \(quoted(key)) twice"
    case .keyAmbiguous(let key):
      "a dictionary with tensors has an object of \(quoted(key)) as a key, which Python may"
        + " mistake for another key"
    case .globalRefused(let use):
      "the pickle asks for \(quoted(use.qualifiedName)), which "
        + (use.verdict == .unknown
          ? "is not known to be harmless"
          : use.globalName.isPlain
            ? "could run code" : "is not a plain name, and leads to anything that a module has")
    case .hiddenPickle(let use):
      "a program that reads this file as a pickle would be asked for "
        + "\(quoted(use.qualifiedName))"
    case .notCallable(let found): "\(found) cannot be called"
    case .arguments(let function, let expected): "\(quoted(function)): expected \(expected)"
    case .newArguments(let name):
      "NEWOBJ gives arguments to \(quoted(name)), which Python would ignore"

    // Storages and tensors

    case .persistentID(let expected): "a storage's description is malformed: expected \(expected)"
    case .storageKey(let key): "\(quoted(key)) is not a storage's key"
    case .storageConflict(let key): "the storage \(quoted(key)) is described in two ways"
    case .storageMissing(let key): "the bytes of the storage \(quoted(key)) are not in the file"
    case .storageByteCount(let key, let declared, let found):
      "expected \(declared) bytes in the storage \(quoted(key)), found \(found)"
    case .storageTooLarge(let key, let elementCount):
      "the storage \(quoted(key)) cannot have \(elementCount) elements"
    case .tensorShape(let expected): "a tensor is malformed: expected \(expected)"
    case .tensorLayout(let error): describe(error)
    case .tensorElementWidth(let storageByteCount, let elementByteCount):
      "a storage of \(storageByteCount) bytes does not hold elements of \(elementByteCount) bytes"
    case .tensorDuplicate: "two tensors have one path"
    case .tensorRank(let count, let limit):
      "a tensor has \(count) dimensions, the limit is \(limit)"
    case .tensorCount(let limit): "the file has more than \(limit) tensors"
    case .tensorBudget(let byteCount, let limit):
      "the tensor takes \(byteCount) bytes once written out; for a file of this size, all tensors"
        + " together may take \(limit)"
    case .tensorUnsupported(let description):
      "\(escaped(description, limit: 120)) is not supported"

    // The sequence of pickles before 1.6

    case .legacyMagic: "the first pickle is not PyTorch's magic number"
    case .legacyVersion(let found): "expected protocol version 1001, found \(found)"
    case .legacyPart(.systemInfo, let expected):
      "the third pickle, about the machine, is malformed: expected \(expected)"
    case .legacyPart(.keys, let expected):
      "the list of storages is malformed: expected \(expected)"
    case .legacyKey(let key):
      "the list of storages has \(quoted(key)) twice, or nothing refers to it"
    case .storageTruncated(let key, let needed, let available):
      "the file ends in the storage \(quoted(key)): \(counted(needed, "byte")) needed, \(available) left"
    case .trailingBytes(let count): bytesFollow(count, "the last storage")
    }
  }

  private func describe(
    _ problem: ZipDirectoryProblem, expected: Int, found: Int
  ) -> String {
    switch problem {
    case .end: "expected the directory to end at byte \(expected), it ends at byte \(found)"
    case .count: "expected \(expected) members in the directory, found \(found)"
    case .byteCount: "expected a directory of \(expected) bytes, found \(found)"
    case .offset: "expected the directory at byte \(expected), found \(found)"
    case .diskNumber: "the archive's records do not agree that it is on one disk"
    case .zip64Position: "expected the zip64 end record to end at byte \(expected), found \(found)"
    }
  }

  private func describe(_ header: ZipHeader) -> String {
    switch header {
    case .central: "header of the directory"
    case .local: "member's header"
    case .descriptor: "descriptor with the directory's checksum and sizes"
    case .zip64End: "zip64 end record"
    }
  }

  private func describe(_ problem: ZipNameProblem) -> String {
    switch problem {
    case .empty: "the member has no name"
    case .notUTF8: "the member's name is not UTF-8"
    case .controlCharacter: "the member's name holds a control character"
    case .backslash: "the member's name holds a backslash"
    case .absolute: "the member's name begins with a slash"
    case .dotComponent: "the member's name has a component . or .."
    case .emptyComponent: "the member's name has an empty component"
    case .symbolicLink: "the member is a symbolic link"
    case .folderAttribute: "the member is marked as a folder, which it is not by its name"
    case .tooLong(let limit): "the member's name is longer than \(limit) bytes"
    case .noFolder: "expected all members in one folder, found one in none"
    case .otherFolder(let expected):
      "expected all members in the folder \(quoted(expected)), found one in another"
    case .otherCase(let expected):
      "expected \(quoted(expected)) in lowercase, found it spelled differently"
    }
  }

  private func describe(_ problem: DeflateProblem) -> String {
    switch problem {
    case .malformed: "the record's deflate stream is damaged or cut off"
    case .noMemory: "there is no memory left to inflate the record with"
    case .trailingBytes(let count): bytesFollow(count, "the record's deflate stream")
    case .tooLong(let declared): "the record inflates to more than the declared \(declared) bytes"
    case .tooShort(let declared, let found):
      "expected the record to inflate to \(declared) bytes, found \(found)"
    }
  }

  private func describe(_ error: Tensor.LayoutError) -> String {
    switch error {
    case .shapeOverflows: "the tensor's sizes and strides are too large"
    case .strideCount(let expected, let found): "expected \(expected) strides, found \(found)"
    case .negativeLayout: "a stride or the offset is negative"
    case .outOfBounds(let needed, let available):
      "the tensor needs \(needed) bytes, its storage has \(available)"
    case .packedButStrided: "a tensor of packed elements has strides or an offset"
    }
  }
}
