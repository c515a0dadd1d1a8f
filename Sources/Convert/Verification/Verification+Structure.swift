import ByteIO
import NativeFormat

extension Verification {
  /// Whether a file can be opened as a checkpoint and, if so, what its own checksums show.
  struct Structure {
    /// The kind of file, if it could be opened.
    let container: Checkpoint.Container?
    /// What was checked, in order.
    let checks: [Check]
    /// What has no checksum; `nil` if everything has one, or nothing was opened.
    let omission: String?
    /// Whether the tensors are in several files.
    let isOfSeveralFiles: Bool

    /// Opens a file and reads what has a checksum.
    ///
    /// Throws errors that are not damage: the file cannot be read, or is not supported.
    ///
    /// - Parameters:
    ///   - region: The file's bytes; `nil` if `path` is a folder.
    ///   - mayBeAnyFile: Whether a file of another kind is accepted, not reported as damaged.
    init(
      path: String, region: ByteRegion?, mayBeAnyFile: Bool, options: Checkpoint.Options
    ) throws {
      var container: Checkpoint.Container?
      var own = OwnChecks()
      var opening: [Check] = []
      do {
        let checkpoint =
          if let region {
            try Checkpoint(path: path, region: region, options: options)
          } else {
            try Checkpoint(path: path, options: options)
          }
        container = checkpoint.container
        own = try OwnChecks(of: checkpoint)
      } catch let error as InputError where mayBeAnyFile && error.isOtherKindOfFile {
        opening = [Check(subject: "structure", problems: [], omission: "this is not a checkpoint")]
      } catch let error as any CheckpointError
        where error.category == .invalidInput || error is NativeError
      {
        let error = region.flatMap { Self.nativeError($0, limits: options.limits) } ?? error
        if error.category != .invalidInput, !Self.mayBeDamage(error) { throw error }
        opening = [Check(subject: "structure", problems: [Problem(error)])]
      }
      self.container = container
      checks = own.checks + opening
      omission = own.omission
      isOfSeveralFiles = own.isOfSeveralFiles
    }

    /// What is wrong with a file whose first bytes are nearly those of a `.convnext` file.
    private static func nativeError(_ region: ByteRegion, limits: Limits) -> NativeError? {
      guard NativeFile.nearlyLooksLike(region) else { return nil }
      do {
        _ = try NativeFile(region, limits: limits)
        return nil
      } catch .headerTooLarge(let byteCount, let limit) {
        // A changed byte can make any length; the header's digest shows whether one did.
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

    /// Whether a changed byte can make a sound file look like this before any digest is checked.
    private static func mayBeDamage(_ error: any CheckpointError) -> Bool {
      if case .unknownVersion? = error as? NativeError { true } else { false }
    }
  }
}
