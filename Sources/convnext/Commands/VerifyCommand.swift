import ArgumentParser
import ByteIO
import Convert
import Signing
import Terminal

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that files are intact.",
    discussion: """
      EXAMPLES:
        convnext verify tiny.convnext convnext_tiny-983f1562.pth
        convnext verify SHA256SUMS
        convnext verify pointer.pth convnext_tiny.pth
        convnext verify tiny.convnext --public-key publisher.pem

      A .convnext file: its header and every tensor's SHA-256. A PyTorch file: its structure and \
      the CRC-32 of its records. A safetensors file or a PyTorch file \
      of before 1.6, which have no checksums: its structure. Beyond that, the SHA-256 that \
      the file's name, its name in Hugging Face's cache, --sha256 or a list as 'sha256sum' writes it \
      promises. A git-lfs pointer is followed by the file that it stands for. With --public-key, the signature that 'convnext sign' \
      made. Exit status 1 where something is wrong.
      """)

  @Argument(help: "Checkpoints, or lists of checksums.", completion: .file())
  var files: [String]

  @Option(help: "The SHA-256 that the file must have, in 64 hexadecimal digits.")
  var sha256: String?

  @Option(
    help: "The publisher's Ed25519 key, in PEM, that must have signed each file.",
    completion: .file())
  var publicKey: String?

  @Option(
    help: "The file with the signature, where it is not FILE.sig.", completion: .file())
  var signature: String?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name at least one file.") }
    if sha256 != nil && files.count > 1 {
      throw ValidationError("--sha256 is for one file.")
    }
    if signature != nil && (files.count > 1 || publicKey == nil) {
      throw ValidationError("--signature is for one file, and needs --public-key.")
    }
    if let sha256, SHA256Digest(hex: sha256) == nil {
      throw ValidationError("--sha256 takes 64 hexadecimal digits.")
    }
  }

  func run() throws {
    let check = try publicKey.map { path in
      try common.reporting(file: path) {
        let key = try VerificationKey(pem: FileMapping(path: path).region)
        return DetachedSignature.Check(key: key, path: signature)
      }
    }
    var results: [Verification] = []
    var failures: [ExitCode] = []
    var rest = files[...]
    while let file = rest.popFirst() {
      let targets = common.attempting(file: file, &failures) { try self.targets(of: file, &rest) }
      for target in targets ?? [] {
        common.attempting(file: target.path, &failures) {
          let result = try verification(of: target, signature: check)
          results.append(result)
          if !common.json { try StandardStream.output.write(text(of: result)) }
        }
      }
    }
    if common.json {
      let json = JSONValue.object([
        "schema": "convnext.verify/1",
        "intact": .bool(failures.isEmpty && results.allSatisfy(\.isIntact)),
        "files": .array(results.map { self.json(of: $0) }),
      ])
      try StandardStream.output.write(json.serialized(isPretty: true) + "\n")
    } else if results.count + failures.count > 1 && !common.quiet {
      let (count, total) = (results.count(where: \.isIntact), results.count + failures.count)
      try StandardStream.output.write("\(count) of \(total) files are intact\n")
    }
    if let failure = failures.last { throw failure }
    if !results.allSatisfy(\.isIntact) { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  /// A file or folder to verify, and what is known about it beforehand.
  private struct Target {
    let path: String
    var expectation = Verification.Expectation()
  }

  private func verification(
    of target: Target, signature: DetachedSignature.Check?
  ) throws -> Verification {
    do {
      return try Verification(
        path: target.path, expecting: target.expectation, signature: signature,
        options: reading.options())
    } catch let error as any CheckpointError {
      guard case .list(let line) = target.expectation.origin else { throw error }
      throw ListedFileError.naming(line, error, path: target.path)
    }
  }

  /// The targets of an argument: itself; the files that a list of checksums names; or, for a
  /// pointer, the file that follows it in the arguments.
  private func targets(of file: String, _ rest: inout ArraySlice<String>) throws -> [Target] {
    let digest = sha256.flatMap { SHA256Digest(hex: $0) }
    if FileSystem.kind(of: file) == .folder {
      guard digest == nil else { throw VerificationError.digestOfSeveralFiles }
      return [Target(path: file)]
    }
    let mapping = try FileMapping(path: file)
    if let pointer = LFSPointer(parsing: mapping.region) {
      guard let target = rest.popFirst() else { throw VerificationError.pointerWithoutFile }
      return [
        Target(
          path: target,
          expectation: Verification.Expectation(
            digest: pointer.digest, byteCount: pointer.byteCount, origin: .pointer))
      ]
    }
    // What is read as a checkpoint is not a list that names others, whatever text it holds.
    if FileSignature(of: mapping.region) == .unknown,
      let list = try ChecksumList.parse(mapping.region, path: file)
    {
      guard digest == nil else { throw VerificationError.digestOfSeveralFiles }
      return list.entries.map {
        Target(
          path: list.path(of: $0),
          expectation: Verification.Expectation(
            digest: $0.digest,
            origin: .list(line: "line \($0.line) of \(quoted(FileSystem.name(of: file)))")))
      }
    }
    return [Target(path: file, expectation: Verification.Expectation(digest: digest))]
  }

  private func text(of result: Verification) -> String {
    let verdict = common.colored(result.isIntact ? "OK" : "FAILED", isGood: result.isIntact)
    var lines = ["\(escaped(result.path)): \(verdict)"]
    for check in result.checks {
      if check.problems.isEmpty {
        let state = check.omission.map { "not checked: \($0)" } ?? "ok"
        if !common.quiet { lines.append("  \(check.subject): \(state)") }
        continue
      }
      lines.append("  \(check.subject):")
      for (index, problem) in check.problems.enumerated() {
        let place = problem.place.sentence.map { "\($0): " } ?? ""
        lines.append("    \(place)\(problem.message)")
        if let hint = problem.hint, index == check.problems.count - 1 {
          lines.append("    hint: \(hint)")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func json(of result: Verification) -> JSONValue {
    .object([
      "file": .string(result.path),
      "container": .optional(result.container) { .string($0.rawValue) },
      "intact": .bool(result.isIntact),
      "checks": .array(
        result.checks.map { check in
          .object([
            "subject": .string(check.subject),
            "omission": .optional(check.omission) { .string($0) },
            "problems": .array(
              check.problems.map { problem in
                .object(
                  .problem(rule: problem.rule, message: problem.message, place: problem.place))
              }),
          ])
        }),
    ])
  }
}
