public import ByteIO
import ConvNeXtSchema
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
    /// Why it could not be checked; `nil`: it was.
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
  ///   - digestSource: Where that comes from, in words: `as in the list`.
  ///   - expectedByteCount: The size that it must have.
  ///   - mayBeAnyFile: Whether the digest is all that is known, as of what a list names: a file of
  ///     another kind then has no structure to check, and nothing of its content is shown.
  ///   - signature: The key that must have signed it.
  public init(
    path: String, expectedDigest: SHA256Digest? = nil, digestSource: String = "as given",
    expectedByteCount: Int? = nil, mayBeAnyFile: Bool = false,
    signature: DetachedSignature.Check? = nil, options: Checkpoint.Options = .init()
  ) throws {
    self.path = path
    // A folder has no bytes of its own; what is in it is opened below.
    let isFolder = FileSystem.kind(of: path) == .folder
    let region = isFolder ? ByteRegion.empty : try FileMapping(path: path).region
    var checks: [Check] = []
    if isFolder, expectedDigest != nil {
      let problem = Problem(InputError.digestOfSeveralFiles)
      checks.append(Check(subject: "SHA-256 \(digestSource)", problems: [problem]))
    }
    if let expectedByteCount {
      let error = InputError.sizeMismatch(expected: expectedByteCount, found: region.byteCount)
      checks.append(
        Check(
          subject: "size as in the pointer",
          problems: region.byteCount == expectedByteCount ? [] : [Problem(error)]))
    }
    let promises =
      isFolder ? nil : Promises(digest: expectedDigest, source: digestSource, path: path)
    if promises?.isEmpty == false { WorkProgress.current?.expect(byteCount: region.byteCount) }
    var container: Checkpoint.Container?
    var own = OwnChecks()
    do {
      let checkpoint =
        isFolder
        ? try Checkpoint(path: path, options: options)
        : try Checkpoint(path: path, region: region, options: options)
      container = checkpoint.container
      own = try OwnChecks(of: checkpoint)
      checks += own.checks
    } catch let error as InputError where mayBeAnyFile && error.isOtherKindOfFile {
      checks.append(Check(subject: "structure", problems: [], omission: "this is no checkpoint"))
    } catch let error as any CheckpointError
      where error.category == .invalidInput || error is NativeError
    {
      let damage = Self.nativeError(region, limits: options.limits) ?? error
      if damage.category != .invalidInput, !Self.mayBeDamage(damage) { throw damage }
      checks.append(Check(subject: "structure", problems: [Problem(damage)]))
    }
    if let signature {
      guard !isFolder, FileSignature(of: region) != .json else {
        throw InputError.signatureOfSeveralFiles
      }
      let problem = try DetachedSignature.problem(
        of: region, path: path, signature, limits: options.limits)
      checks.append(
        Check(subject: "signature", problems: problem.map { [Problem($0)] } ?? []))
    }
    self.container = container
    let promised = promises?.checks(of: region) ?? []
    // A digest of an index says nothing of its shards.
    let isCovered =
      signature != nil || !own.isOfSeveralFiles && promised.contains { $0.omission == nil }
    if let omission = own.omission, !isCovered {
      checks.append(Check(subject: "contents", problems: [], omission: omission))
    }
    self.checks = checks + promised
  }

  /// Checks a file that is open: its structure, its own checksums, and what its name promises.
  ///
  /// Reads the whole file. Throws what reading throws.
  init(of checkpoint: Checkpoint) throws {
    path = checkpoint.path
    container = checkpoint.container
    let file = checkpoint.files.count == 1 ? checkpoint.files.first : nil
    let promised = file.map {
      Promises(digest: nil, source: "", path: $0.path).checks(of: $0.region)
    }
    checks = try OwnChecks(of: checkpoint).checks + (promised ?? [])
  }

  /// What is wrong with a file whose first bytes are nearly those of a `.convnext` file.
  private static func nativeError(_ region: ByteRegion, limits: Limits) -> NativeError? {
    guard NativeFile.nearlyLooksLike(region) else { return nil }
    do {
      _ = try NativeFile(region, limits: limits)
      return nil
    } catch .headerTooLarge(let byteCount, let limit) {
      // A changed byte can make any length; the digest of the header tells.
      var wider = limits
      wider.headerByteCount = region.byteCount
      do {
        _ = try NativeFile(region, limits: wider)
      } catch  where error.category == .invalidInput {
        return error
      } catch {}
      return .headerTooLarge(byteCount: byteCount, limit: limit)
    } catch { return error }
  }

  /// Whether a changed byte makes a sound file look like this, before any digest is looked at.
  private static func mayBeDamage(_ error: any CheckpointError) -> Bool {
    if case .unknownVersion? = error as? NativeError { true } else { false }
  }
}
