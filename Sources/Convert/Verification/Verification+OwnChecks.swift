import ByteIO
import ConvNeXtSchema
import NativeFormat
import TorchFormat

extension Verification {
  /// What a checkpoint's own checksums, its structure, and its names in a cache show.
  struct OwnChecks {
    /// What was checked, in order.
    private(set) var checks: [Check] = []
    /// What has no checksum, and what could be used instead; `nil` if everything has one.
    private(set) var omission: String?
    /// Whether the tensors are in several files, which no digest of one covers.
    private(set) var isOfSeveralFiles = false

    /// Nothing was checked.
    init() {}

    /// Checks everything that has a checksum. Reads all of it; throws what reading throws.
    init(of checkpoint: Checkpoint) throws {
      isOfSeveralFiles = checkpoint.files.count > 1
      let blobCheck = try Verification.blobCheck(of: checkpoint.files)
      if let native = checkpoint.native {
        try checkTensors(of: native, in: checkpoint)
      } else {
        checks = [Check(subject: "structure", problems: [])]
        if isOfSeveralFiles { WorkProgress.current?.plan(byteCounts: checkpoint.fileByteCount) }
        try checkRecords(of: checkpoint)
      }
      if let sentence = checkpoint.folder?.unreadNote {
        checks.append(Check(subject: "other weights", problems: [], omission: sentence))
      }
      guard let blobCheck else { return }
      checks.append(blobCheck)
      let isEachInCache = checkpoint.files.allSatisfy {
        Verification.digestPromised(byBlobOf: $0.path) != nil
      }
      if isEachInCache { omission = nil }
    }

    private mutating func checkTensors(of native: NativeFile, in checkpoint: Checkpoint) throws {
      let problems = try native.verify().map { Problem($0) }
      let count = checkpoint.storedTensors.count
      // A damaged file may hold no model; the digests show what is damaged.
      let match =
        problems.isEmpty && !checkpoint.matcher().candidates.isEmpty
        ? try checkpoint.match() : nil
      let disagreements =
        match.map { match in
          match.disagreements(with: native.header.model)
            + match.problems.filter { !$0.isMissing }.map(\.sentence)
        } ?? []
      checks = [
        Check(
          subject: "header",
          problems: disagreements.map { Problem(VerificationError.headerDisagrees(sentence: $0)) }),
        Check(subject: "SHA-256 of \(counted(count, "tensor"))", problems: problems),
      ]
    }

    private mutating func checkRecords(of checkpoint: Checkpoint) throws {
      var checkedCount = 0
      var uncheckedCount = 0
      var problems: [Problem] = []
      for file in checkpoint.files {
        // Several shards have records of the same names.
        let shard = isOfSeveralFiles ? FileSystem.name(of: file.path) + ": " : ""
        for record in try file.torch?.verifyRecords() ?? [] {
          switch record.status {
          case .matches: checkedCount += 1
          case .notComputed: uncheckedCount += 1
          case .mismatch(let declared, let computed):
            checkedCount += 1
            let error = VerificationError.recordChecksum(
              record: shard + record.name, tensors: record.tensorNames, declared: declared,
              computed: computed)
            problems.append(Problem(error))
          }
        }
      }
      if checkedCount > 0 {
        let subject = "CRC-32 of \(counted(checkedCount, "record"))"
        checks.append(Check(subject: subject, problems: problems))
      }
      if uncheckedCount > 0 {
        setOmission(
          "\(uncheckedCount) of \(counted(checkedCount + uncheckedCount, "record")) "
            + "\(uncheckedCount == 1 ? "has" : "have") no CRC-32",
          checksums: "checksums")
      } else if checkedCount == 0 {
        setOmission("\(isOfSeveralFiles ? "the shards have" : "the file has") no checksums")
      }
    }

    /// - Parameter checksums: What a list contains, if `what` does not end with that word.
    private mutating func setOmission(_ what: String, checksums: String = "them") {
      let remedy =
        isOfSeveralFiles
        ? "a list of \(checksums) says what each should be"
        : "--sha256, or a list of \(checksums), says what it should be"
      omission = "\(what); \(remedy)"
    }
  }
}
