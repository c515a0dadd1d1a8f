public import ByteIO
import NativeFormat
import TorchFormat

/// What was checked of a file, and how it went.
public struct Verification: Sendable {
  /// One thing that was checked.
  public struct Check: Sendable {
    /// What was checked: `header`, `182 tensors`, `SHA-256 in the file's name`.
    public let subject: String
    /// What is wrong; empty where nothing is.
    public let problems: [Problem]
  }

  /// Something that is wrong.
  public struct Problem: Sendable {
    /// The broken rule's name.
    public let rule: String
    /// What was expected and found.
    public let message: String
    /// Where.
    public let place: ErrorPlace
    /// What to do about it.
    public let hint: String?

    init(_ error: any CheckpointError) {
      rule = error.rule
      message = error.message
      place = error.placeAmongFiles
      hint = error.hint
    }
  }

  /// The path of the file.
  public let path: String
  /// The kind of file, where it could be opened.
  public let container: Checkpoint.Container?
  /// What was checked, in order.
  public let checks: [Check]
  /// Whether everything is as it should be.
  public var isIntact: Bool { checks.allSatisfy(\.problems.isEmpty) }

  /// Checks a file's structure, its own checksums, and the SHA-256 that its name or the caller
  /// promises.
  ///
  /// Reads the whole file. Throws `SystemError` where it cannot be read, and errors of category
  /// `unsupported`; everything else that is wrong is in the result.
  ///
  /// - Parameters:
  ///   - expectedDigest: The digest that the whole file must have.
  ///   - expectedByteCount: The size that it must have.
  ///   - signature: The key that must have signed it.
  public init(
    path: String, expectedDigest: SHA256Digest? = nil, expectedByteCount: Int? = nil,
    signature: DetachedSignature.Check? = nil, options: Checkpoint.Options = .init()
  ) throws {
    self.path = path
    // A folder has no bytes of its own; what is in it is opened below.
    let isFolder = FileSystem.kind(of: path) == .folder
    let region = isFolder ? ByteRegion.empty : try FileMapping(path: path).region
    var checks: [Check] = []
    if let expectedByteCount {
      let error = InputError.sizeMismatch(expected: expectedByteCount, found: region.byteCount)
      checks.append(
        Check(
          subject: "size as in the pointer",
          problems: region.byteCount == expectedByteCount ? [] : [Problem(error)]))
    }
    let promised = isFolder ? nil : Self.digestPromised(byName: FileSystem.name(of: path))
    let hasPromise = expectedDigest != nil || promised != nil
    let progress = WorkProgress.current
    if hasPromise { progress?.expect(byteCount: region.byteCount) }
    var container: Checkpoint.Container?
    do {
      let checkpoint = try Checkpoint(path: path, options: options)
      container = checkpoint.container
      checks += try Self.checks(of: checkpoint)
    } catch let error as any CheckpointError
      where error.category == .invalidInput || error is NativeError
    {
      checks.append(
        Check(subject: "structure", problems: [Problem(Self.nativeError(region) ?? error)]))
    }
    if let signature {
      guard !isFolder, FileSignature(of: region) != .json else {
        throw InputError.signatureOfSeveralFiles
      }
      let problem = try DetachedSignature.problem(of: region, path: path, signature)
      checks.append(
        Check(subject: "signature", problems: problem.map { [Problem($0)] } ?? []))
    }
    self.container = container
    if hasPromise {
      let digest = SHA256Digest(of: region, progress: progress)
      if let expectedDigest {
        checks.append(Self.check(digest, "SHA-256 as given", expectedDigest.hex, "as given"))
      }
      // Eight digits may be a date as well.
      if let promised, digest.hex.hasPrefix(promised) || !Self.isDate(promised) {
        checks.append(
          Self.check(digest, "SHA-256 in the file's name", promised, "by the file's name"))
      }
    }
    self.checks = checks
  }

  private static func checks(of checkpoint: Checkpoint) throws -> [Check] {
    if let native = checkpoint.native {
      let problems = try native.verify().map { Problem($0) }
      let count = checkpoint.storedTensors.count
      let disagreements =
        try checkpoint.completeMatch()?.disagreements(with: native.header.model) ?? []
      return [
        Check(
          subject: "header",
          problems: disagreements.map { Problem(InputError.headerDisagrees(sentence: $0)) }),
        Check(subject: "SHA-256 of \(count) tensors", problems: problems),
      ]
    }
    let structure = Check(subject: "structure", problems: [])
    var recordCount = 0
    var uncheckedCount = 0
    var problems: [Problem] = []
    for (index, torch) in checkpoint.torchFiles {
      // Several shards have records of the same names.
      let shard =
        checkpoint.files.count > 1 ? FileSystem.name(of: checkpoint.files[index].path) + ": " : ""
      for record in try torch.verifyRecords() {
        recordCount += 1
        switch record.status {
        case .matches: continue
        case .notComputed: uncheckedCount += 1
        case .mismatch(let declared, let computed):
          problems.append(
            Problem(
              InputError.recordChecksum(
                record: shard + record.name, declared: declared, computed: computed)))
        }
      }
    }
    guard recordCount > 0 else { return [structure] }
    let subject =
      "CRC-32 of \(recordCount) records"
      + (uncheckedCount > 0 ? " (\(uncheckedCount) of them have none)" : "")
    return [structure, Check(subject: subject, problems: problems)]
  }

  private static func check(
    _ digest: SHA256Digest, _ subject: String, _ expected: String, _ source: String
  ) -> Check {
    if digest.hex.hasPrefix(expected) { return Check(subject: subject, problems: []) }
    let error = InputError.checksumMismatch(expected: expected, found: digest.hex, source: source)
    return Check(subject: subject, problems: [Problem(error)])
  }

  /// What is wrong with a file whose first bytes are nearly those of a `.convnext` file.
  private static func nativeError(_ region: ByteRegion) -> NativeError? {
    let magic = Array("CONVNEXT".utf8)
    let count = min(region.byteCount, magic.count)
    let equal = (0..<count).count { region[$0] == magic[$0] }
    guard count > 0, count == magic.count ? equal >= 6 : equal == count else { return nil }
    do {
      _ = try NativeFile(region)
      return nil
    } catch { return error }
  }

  /// Whether digits are a day, as `20221207` in the names of OpenMMLab's files.
  static func isDate(_ digits: String) -> Bool {
    guard digits.utf8.count == 8, let number = Int(digits) else { return false }
    return (2000...2099).contains(number / 10_000) && (1...12).contains(number / 100 % 100)
      && (1...31).contains(number % 100)
  }

  /// The first digits of the SHA-256 that torchvision and OpenMMLab put into a file's name:
  /// `983f1562` of `convnext_tiny-983f1562.pth`. `nil` where the name has none.
  ///
  /// torch.hub looks for the same pattern (`HASH_REGEX` in `torch/hub.py`); fewer than 8 digits
  /// are taken for part of the name.
  static func digestPromised(byName name: String) -> String? {
    guard let dot = name.lastIndex(of: "."), let dash = name[..<dot].lastIndex(of: "-") else {
      return nil
    }
    let digits = name[name.index(after: dash)..<dot]
    let isHexadecimal = digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    return isHexadecimal && (8...64).contains(digits.utf8.count) ? String(digits) : nil
  }
}
