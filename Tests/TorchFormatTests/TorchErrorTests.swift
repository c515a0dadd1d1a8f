import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

@Suite("TorchError")
struct TorchErrorTests {
  static let use = GlobalUse(
    globalName: GlobalName(module: "os", name: "system"), record: nil, byteOffset: 1,
    verdict: .dangerous)

  static let sentences: [(reason: TorchError.Reason, rule: String, message: String)] = [
    (.unrecognized, "unknown-format", "expected a zip archive or a pickle, found neither"),
    (.barePickle, "not-a-checkpoint", "the file is a pickle, but not one that torch.save wrote"),
    (.tarContainer, "foreign-format", "the tar container of 2016 and 2017 is not supported"),
    (
      .recordsInflation(count: 3, limit: 2), "zip-ratio",
      "the archive's pickles inflate to 3 bytes or more; for a file of this size, the limit is 2"
    ),
    (
      .tensorUnsupported(description: "a sparse tensor (\u{1B}[2J)"), "tensor-unsupported",
      "a sparse tensor (\\u{1b}[2J) is not supported"
    ),
    (.previewContainer, "foreign-format", "the preview container of 2018 is not supported"),
    (.zipEndMissing, "zip-no-directory", "the archive has no end record: its directory is missing"),
    (
      .zipTrailingBytes(count: 3), "zip-trailing",
      "expected the end of the archive, found 3 more bytes"
    ),
    (
      .zipDirectory(.zip64Position, expected: 1, found: 2), "zip-directory",
      "expected the zip64 end record to end at byte 1, found 2"
    ),
    (
      .zipHeadersDisagree(field: "method", expected: 0, found: 8), "zip-local",
      "the member's own header and the directory differ in the method: 8 and 0"
    ),
    (
      .zipChecksum(declared: 0x0102_0304, computed: 0xA0B0_C0D0), "zip-crc",
      "the record's bytes have the CRC-32 a0b0c0d0, the archive declares 01020304"
    ),
    (
      .zipName(.otherFolder(expected: "a\n")), "zip-name",
      "expected all members in the folder 'a\\n', found one in another"
    ),
    (
      .opcodeRefused(.newobjEx), "pickle-opcode",
      "the opcode NEWOBJ_EX is not one that torch.save writes"
    ),
    (
      .hiddenArchive, "zip-hidden",
      "the file is a zip archive as well, from which PyTorch and other programs would read other"
        + " tensors or run code"
    ),
    (
      .newArguments(class: "builtins.set"), "pickle-argument",
      "NEWOBJ gives arguments to 'builtins.set', which Python would ignore"
    ),
    (
      .keyAmbiguous("builtins.str"), "duplicate-name",
      "a dictionary with tensors has an object of 'builtins.str' as a key, which Python may"
        + " mistake for another key"
    ),
    (.opcodeUnknown(0xFF), "pickle-opcode", "0xff is not an opcode of a pickle"),
    (
      .globalRefused(use), "pickle-global", "the pickle asks for 'os.system', which could run code"
    ),
    (
      .hiddenPickle(use), "pickle-global",
      "a program that reads this file as a pickle would be asked for 'os.system'"
    ),
    (
      .tensorLayout(.outOfBounds(neededByteCount: 20, storageByteCount: 16)), "tensor-bounds",
      "the tensor needs 20 bytes, its storage has 16"
    ),
    (.tensorLayout(.negativeLayout), "tensor-shape", "a stride or the offset is negative"),
    (.legacyVersion(found: "7"), "legacy-version", "expected protocol version 1001, found 7"),
    (
      .legacyPart(.keys, expected: "a list, found None"), "legacy-part",
      "the list of storages is malformed: expected a list, found None"
    ),
  ]

  @Test("rules and sentences", arguments: sentences)
  func describes(_ row: (reason: TorchError.Reason, rule: String, message: String)) {
    let error = TorchError(row.reason)
    #expect(error.rule == row.rule)
    #expect(error.message == row.message)
  }

  @Test("what is sound and not supported is told apart from what is broken")
  func categories() {
    for reason in [
      .tarContainer, .previewContainer, .zipMultiDisk, .zipEncrypted, .zipMethod(12),
      .archiveVersionTooNew(found: 11, newest: 10), .pickleProtocol(found: 6, newest: 5),
      .tensorUnsupported(description: "a sparse tensor"),
    ] as [TorchError.Reason] {
      #expect(TorchError(reason).category == .unsupported)
    }
    for reason in [.zipMultiDisk, .zipEncrypted, .zipMethod(12), .zipFlags(32)]
      as [TorchError.Reason]
    {
      #expect(TorchError(reason).hint?.hasPrefix("torch.save writes no such archive") == true)
    }
    for reason in [.cycle, .globalRefused(Self.use), .legacyMagic] as [TorchError.Reason] {
      #expect(TorchError(reason).category == .invalidInput)
    }
  }

  @Test("damage suggests getting the file again, a dangerous global suggests nothing of the kind")
  func hints() {
    #expect(
      TorchError(.zipEndMissing).hint == "the file is likely cut off or damaged: get it again")
    #expect(TorchError(.globalRefused(Self.use)).hint?.contains("do not open") == true)
    for reason in [.cycle, .tensorShape(expected: "a"), .storageKey("a")] as [TorchError.Reason] {
      #expect(TorchError(reason).hint?.contains("get it again from its publisher") == true)
    }
    for reason in [
      .previewContainer, .archiveVersionTooNew(found: 11, newest: 10), .legacyVersion(found: "1"),
      .pickleProtocol(found: 6, newest: 5),
    ] as [TorchError.Reason] {
      #expect(TorchError(reason).hint?.contains("save it again with PyTorch") == true)
    }
  }
}
