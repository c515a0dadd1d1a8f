import ByteIO

extension Verification {
  /// The SHA-256 and the size that a whole file must have, according to its name or the caller.
  struct Promises {
    private let expectation: Expectation
    private let isOfOneFile: Bool
    private let digitsInName: String?

    /// - Parameter path: The file's path; `nil` if there is not one file.
    init(_ expectation: Expectation = Expectation(), path: String?) {
      self.expectation = expectation
      isOfOneFile = path != nil
      digitsInName = path.flatMap { Verification.digestPromised(byName: FileSystem.name(of: $0)) }
    }

    /// Whether the file's digest is needed, for which all of it is read.
    var needsDigest: Bool { isOfOneFile && (expectation.digest != nil || digitsInName != nil) }

    /// The checks that do not require reading the file.
    func checksBeforeReading(of region: ByteRegion) -> [Check] {
      var checks: [Check] = []
      if expectation.digest != nil, !isOfOneFile {
        let problem = Problem(VerificationError.digestOfSeveralFiles)
        checks.append(Check(subject: "SHA-256 \(expectation.source)", problems: [problem]))
      }
      if let byteCount = expectation.byteCount {
        let error = VerificationError.sizeMismatch(
          expected: byteCount, found: region.byteCount, source: expectation.source)
        checks.append(
          Check(
            subject: "size \(expectation.source)",
            problems: region.byteCount == byteCount ? [] : [Problem(error)]))
      }
      return checks
    }

    /// Compares a file with the promised digests. Reads all of it if there are any.
    ///
    /// Throws `CancellationError` once the work is cancelled.
    func checks(of region: ByteRegion) throws(CancellationError) -> [Check] {
      if !needsDigest { return [] }
      let found = try SHA256Digest(of: region, progress: WorkProgress.current ?? WorkProgress())
      var checks: [Check] = []
      if let digest = expectation.digest {
        let source = expectation.source
        checks.append(check(found, "SHA-256 \(source)", digest.hex, source))
      }
      if let digitsInName {
        let subject = "SHA-256 in the file's name"
        let other = found.hex.hasPrefix(digitsInName) ? nil : Self.otherMeaning(of: digitsInName)
        checks.append(
          other.map {
            Check(
              subject: subject, problems: [],
              omission: "\(digitsInName) is not how the file's begins, but may be \($0)")
          } ?? check(found, subject, digitsInName, "by the file's name"))
      }
      return checks
    }

    /// What else digits that look like a digest may be; `nil` if nothing.
    private static func otherMeaning(of digits: String) -> String? {
      // Step counts and dates, such as `20221207` in the names of OpenMMLab's files.
      if digits.utf8.allSatisfy(\.isASCIIDigit) { return "a number or a date" }
      switch digits.utf8.count {
      case 32: return "an MD5"
      case 40: return "a SHA-1 or a revision of git"
      default: return nil
      }
    }

    private func check(
      _ digest: SHA256Digest, _ subject: String, _ expected: String, _ source: String
    ) -> Check {
      if digest.hex.hasPrefix(expected) { return Check(subject: subject, problems: []) }
      let error = VerificationError.checksumMismatch(
        expected: expected, found: digest.hex, source: source)
      return Check(subject: subject, problems: [Problem(error)])
    }
  }

  /// The first digits of the SHA-256 that torchvision and OpenMMLab put into a file's name:
  /// `983f1562` of `convnext_tiny-983f1562.pth`. `nil` if the name has none.
  ///
  /// torch.hub looks for the same pattern (`HASH_REGEX` in `torch/hub.py`); fewer than 8 digits are
  /// treated as part of the name.
  static func digestPromised(byName name: String) -> String? {
    guard let dot = name.lastIndex(of: "."), let dash = name[..<dot].lastIndex(of: "-") else {
      return nil
    }
    let digits = name[name.index(after: dash)..<dot]
    guard areHexadecimal(digits), (8...64).contains(digits.utf8.count) else { return nil }
    return isUUID(name[..<dot]) ? nil : String(digits)
  }

  private static func areHexadecimal(_ digits: Substring) -> Bool {
    digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// Whether a name ends with a UUID, whose last part is random like the others.
  private static func isUUID(_ name: Substring) -> Bool {
    let parts = name.suffix(36).split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy(areHexadecimal)
  }
}
