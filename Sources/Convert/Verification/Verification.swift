public import ByteIO

/// What was checked in a file, and with what result.
public struct Verification: Sendable {
  /// One thing that was checked.
  public struct Check: Sendable {
    /// What was checked: `structure`, `SHA-256 of 182 tensors`.
    public let subject: String
    /// What is wrong; empty if nothing is.
    public let problems: [Problem]
    /// Why it could not be checked; `nil` if it was.
    public var omission: String?
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
  /// The kind of file, if it could be opened.
  public let container: Checkpoint.Container?
  /// What was checked, in order.
  public let checks: [Check]
  /// Whether nothing is wrong, as far as it could be checked: a safetensors file has no checksums, and
  /// each check has an `omission` for what it leaves open.
  public var isIntact: Bool { checks.allSatisfy(\.problems.isEmpty) }

  /// Checks a file's structure, its own checksums, and the SHA-256 that its name or the caller
  /// promises.
  ///
  /// Reads the whole file, unless it has no checksums and none is promised. Throws `SystemError` if
  /// it cannot be read, `VerificationError.signatureOfSeveralFiles`, and errors of category
  /// `unsupported`; everything else that is wrong is in the result.
  ///
  /// - Parameters:
  ///   - expectation: What the whole file must be.
  ///   - signature: The key that must have signed it.
  public init(
    path: String, expecting expectation: Expectation = Expectation(),
    signature: DetachedSignature.Check? = nil, options: Checkpoint.Options = .init()
  ) throws {
    self.path = path
    // A folder has no bytes; its files are opened below.
    let isFolder = FileSystem.kind(of: path) == .folder
    let region = isFolder ? ByteRegion.empty : try FileMapping(path: path).region
    if signature != nil, isFolder || FileSignature(of: region) == .json {
      throw VerificationError.signatureOfSeveralFiles
    }
    let promises = Promises(expectation, path: isFolder ? nil : path)
    if promises.needsDigest { WorkProgress.current?.expect(byteCount: region.byteCount) }
    let structure = try Structure(
      path: path, region: isFolder ? nil : region, mayBeAnyFile: expectation.mayBeAnyFile,
      options: options)
    container = structure.container
    var checks = promises.checksBeforeReading(of: region) + structure.checks
    if let signature {
      let problem = try DetachedSignature.problem(
        of: region, path: path, signature, limits: options.limits)
      checks.append(
        Check(subject: "signature", problems: problem.map { [Problem($0)] } ?? []))
    }
    let promised = try promises.checks(of: region)
    // A digest of an index says nothing about its shards.
    let isCovered =
      signature != nil || !structure.isOfSeveralFiles && promised.contains { $0.omission == nil }
    if let omission = structure.omission, !isCovered {
      checks.append(Check(subject: "contents", problems: [], omission: omission))
    }
    self.checks = checks + promised
  }

  /// Checks an open file: its structure, its own checksums, and what its name promises.
  ///
  /// Reads the whole file. Throws what reading throws.
  init(of checkpoint: Checkpoint) throws {
    path = checkpoint.path
    container = checkpoint.container
    let file = checkpoint.files.count == 1 ? checkpoint.files.first : nil
    let promised = try file.map { try Promises(path: $0.path).checks(of: $0.region) }
    checks = try OwnChecks(of: checkpoint).checks + (promised ?? [])
  }
}
