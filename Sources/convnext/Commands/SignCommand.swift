import ArgumentParser
import ByteIO
import Convert
import Signing
import Terminal

struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign a file, so that others can check that it is yours.",
    discussion: """
      EXAMPLES:
        openssl genpkey -algorithm ed25519 -out private.pem
        openssl pkey -in private.pem -pubout -out public.pem
        convnext sign tiny.convnext --key private.pem
        convnext verify tiny.convnext --public-key public.pem

      The file is verified first. The signature is an Ed25519 one, of 64 bytes, in a file beside \
      it. docs/signatures.md says what it covers, and how other programs check it.
      """)

  @Argument(help: "The checkpoint: a single file.", completion: .checkpoints)
  var file: String

  @Option(help: "Your private Ed25519 key: PKCS#8 in PEM, not encrypted.", completion: .file())
  var key: String

  @Option(
    name: .shortAndLong, help: "The signature; without it, FILE.sig.", completion: .file())
  var output: String?

  @Flag(help: "Replace an existing signature.")
  var force = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if file == "-" && output == nil {
      throw ValidationError("Say with --output where the signature of standard input goes.")
    }
  }

  func run() throws {
    let signingKey = try common.reporting(file: key) {
      try SigningKey(pem: FileMapping(path: key).region)
    }
    try common.reporting(file: file) { try sign(with: signingKey) }
  }

  private func sign(with signingKey: SigningKey) throws {
    let path = output ?? DetachedSignature.path(for: file)
    var readFiles = reading.readFiles
    readFiles.add(file, "the file that is signed")
    readFiles.add(key, "the key")
    try readFiles.check([path])
    let signatureFile = try OutputFile(path: path, replacingExisting: force)
    let signature = try DetachedSignature(of: file, key: signingKey, options: reading.options())
    try signatureFile.write(signature.bytes, at: 0)
    try signatureFile.commit()
    if common.json {
      let json = JSONValue.object([
        "schema": "convnext.sign/1", "file": .string(file), "signature": .string(path),
      ])
      try StandardStream.output.write(json.serialized(isPretty: true) + "\n")
    } else {
      try StandardStream.output.write("wrote \(escaped(path))\n")
    }
  }
}
