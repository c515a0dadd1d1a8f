import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import TensorModel
import Terminal

/// Whose names a manifest has.
enum NamesChoice: String, ExpressibleByArgument, CaseIterable {
  case canonical, source
}

struct ChecksumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checksum",
    abstract: "Print the SHA-256 of every tensor, or the content digest.",
    discussion: """
      EXAMPLES:
        convnext checksum convnext_tiny.pth
        convnext checksum --digest convnext_tiny.safetensors

      The same weights have the same content digest in every container and naming. It is the \
      SHA-256 of the manifest: 'convnext checksum FILE | sha256sum' gives what --digest prints.
      """)

  @Argument(help: "The checkpoint.", completion: .checkpoints)
  var file: String

  @Flag(help: "Print the content digest and nothing else.")
  var digest = false

  @Option(help: "canonical (where the file is a ConvNeXt) or source: the names in the file.")
  var names = NamesChoice.canonical

  @Option(
    help: "Where in the file the weights are, such as model_ema.", completion: .dictionaries)
  var key: String?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if key != nil && names == .source {
      throw ValidationError("--key is for canonical names; --names source takes the whole file.")
    }
  }

  func run() throws {
    try common.reporting(file: file) {
      let checkpoint = try reading.checkpoint(file, common)
      let match =
        names == .canonical ? try CandidateChoice.note(in: checkpoint, key: key, common) : nil
      if let match { noteExtraTensors(of: match) }
      let manifest = try checkpoint.manifest(key: key, usesSourceNames: names == .source)
      if common.json {
        let json = JSONValue.object([
          "schema": "convnext.checksum/1",
          "file": .string(file),
          "contentDigest": .string(manifest.contentDigest.hex),
          "names": .string((match == nil ? NamesChoice.source : .canonical).rawValue),
          "tensors": .array(
            manifest.entries.map { entry in
              .object([
                "name": .string(entry.info.name.string),
                "dtype": .string(entry.info.elementType.name),
                "shape": .integers(entry.info.shape),
                "sha256": .string(entry.digest.hex),
              ])
            }),
        ])
        try StandardStream.output.write(common.result(json))
      } else {
        try StandardStream.output.write(
          digest ? manifest.contentDigest.hex + "\n" : text(of: manifest))
      }
    }
  }

  /// Notes which of the file's tensors have no canonical names and therefore are not listed.
  private func noteExtraTensors(of match: ModelMatch) {
    let names = match.extraNames
    guard !names.isEmpty else { return }
    let verb = names.count == 1 ? "is" : "are"
    common.note(
      "\(quoted(file)): \(counted(names.count, "tensor")) that \(verb) none of the model's \(verb) left "
        + "out: \(quotedList(names.map(\.string))); --names source lists all")
  }

  /// The manifest. Control characters are escaped on a terminal; they are part of the digest, and
  /// are written to a pipe as they are.
  private func text(of manifest: Manifest) -> String {
    guard StandardStream.output.isTerminal else { return manifest.text }
    return manifest.entries.map { escaped($0.line) + "\n" }.joined()
  }
}
