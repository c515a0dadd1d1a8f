import ArgumentParser
import ByteIO
import Convert
import Terminal
import TorchFormat

struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "List what the pickles of a file would call, with a verdict; nothing runs.",
    discussion: """
      EXAMPLES:
        convnext scan convnext_tiny.pth
        convnext scan *.pth --json

      data: what tensors and plain values are made of. inert: known and harmless, kept as a named \
      value. unknown and dangerous: refused by every command that reads the file. An index is \
      listed with its shards, a folder by its weights and every other file in it or below it that \
      programs load. Exit status 0 where all files are clean, 1 where one is not.
      """)

  @Argument(help: "Files, or folders with a model.", completion: .file())
  var files: [String]

  @OptionGroup var limits: LimitOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    var options = Checkpoint.Options()
    options.limits = limits.limits
    var scans: [PickleScan] = []
    var failures: [ExitCode] = []
    for file in files {
      let unreadable = common.attempting(file: file, &failures) {
        var unreadable: [any CheckpointError] = []
        let found = try PickleScan.scans(ofPath: file, options: options) { unreadable.append($0) }
        for scan in found {
          scans.append(scan)
          if !common.json { try StandardStream.output.write(text(of: scan)) }
        }
        return unreadable
      }
      failures += (unreadable ?? []).map { ErrorReport($0, file: file).write() }
    }
    if common.json {
      let json = JSONValue.object([
        "schema": "convnext.scan/1",
        "clean": .bool(failures.isEmpty && scans.allSatisfy(\.isClean)),
        "files": .array(scans.map { self.json(of: $0) }),
      ])
      try StandardStream.output.write(json.serialized(isPretty: true) + "\n")
    }
    if let failure = failures.last { throw failure }
    if !scans.allSatisfy(\.isClean) { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  private func text(of scan: PickleScan) -> String {
    let verdict = common.colored(scan.isClean ? "clean" : "NOT CLEAN", isGood: scan.isClean)
    var lines = ["\(escaped(scan.path)): \(verdict)"]
    for use in FirstUses(scan.globals).uses {
      let place = ErrorPlace(record: use.global.record, byteOffset: use.global.byteOffset)
      lines.append(
        "  \(use.global.verdict.rawValue)  \(escaped(use.global.qualifiedName, limit: 120))"
          + "  at \(place.sentence ?? "an unknown place")"
          + (use.count > 1 ? ", \(use.count) times" : "")
          + (use.global.verdict.isHarmless ? "" : ": \(use.global.reason)"))
    }
    for call in scan.calls where !call.global.verdict.isHarmless {
      let place = ErrorPlace(record: call.record, byteOffset: call.byteOffset)
      lines.append(
        "  call  \(escaped(call.global.qualifiedName, limit: 120))"
          + "  at \(place.sentence ?? "an unknown place")")
    }
    if scan.hasProgram {
      lines.append(
        "  program  code of TorchScript or torch.package, which PyTorch runs when it loads the file; "
          + "not judged")
    }
    if let failure = scan.failure {
      let place = failure.placeAmongFiles.sentence.map { "\($0): " } ?? ""
      lines.append("  cannot be read: \(place)\(failure.message)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func json(of scan: PickleScan) -> JSONValue {
    .object([
      "file": .string(scan.path),
      "clean": .bool(scan.isClean),
      "globals": .array(
        scan.globals.map { global in
          .object([
            "module": .string(global.globalName.module),
            "name": .string(global.globalName.name),
            "verdict": .string(global.verdict.rawValue),
            "why": .string(global.reason),
            "record": .optional(global.record) { .string($0) },
            "byteOffset": .integer(global.byteOffset),
          ])
        }),
      "calls": .array(
        scan.calls.map { call in
          .object([
            "module": .string(call.global.globalName.module),
            "name": .string(call.global.globalName.name),
            "verdict": .string(call.global.verdict.rawValue),
            "opcode": .string(call.opcode.name),
            "record": .optional(call.record) { .string($0) },
            "byteOffset": .integer(call.byteOffset),
          ])
        }),
      "program": .bool(scan.hasProgram),
      "failure": .optional(scan.failure) { failure in
        .object(
          .problem(rule: failure.rule, message: failure.message, place: failure.placeAmongFiles))
      },
    ])
  }
}

/// Globals at their first use, with how often each is asked for.
private struct FirstUses {
  private(set) var uses: [(global: GlobalUse, count: Int)] = []

  init(_ globals: [GlobalUse]) {
    var indexByName: [GlobalName: Int] = [:]
    for global in globals {
      if let index = indexByName[global.globalName] {
        uses[index].count += 1
      } else {
        indexByName[global.globalName] = uses.count
        uses.append((global, 1))
      }
    }
  }
}
