import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import NativeFormat
import SafetensorsFormat
import TestSupport
import TorchFormat

@main
struct Synthesize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a checkpoint of a published size with made-up numbers.",
    discussion: """
      EXAMPLES:
        synthesize tiny-224 timm tiny.pth
        synthesize tiny torchvision deep.safetensors --depths 3,3,9982,3 --widths 4,4,4,4

      The same seed always gives the same numbers, in every naming and container.
      """)

  @Argument(help: "A published size, such as tiny-224 or v2-huge-512.")
  var config: String

  @Argument(help: "Whose names the tensors have, such as timm or facebook.")
  var naming: String

  @Argument(help: "The output: .convnext, .safetensors, .pth, .pt or .bin.")
  var output: String

  @Option(help: "Where the numbers begin.")
  var seed: UInt64 = 1

  @Option(help: "Blocks of each stage, instead of the published ones.")
  var depths: String?

  @Option(help: "Channels of each stage, instead of the published ones.")
  var widths: String?

  func run() throws {
    guard let naming = Naming(rawValue: naming) else {
      throw ValidationError("There is no naming '\(naming)'.")
    }
    guard let container = OutputContainer(path: output) else {
      throw ValidationError("The extension of '\(output)' names no container.")
    }
    let architecture = try architecture()
    let tensors = try SyntheticModel(architecture, naming: naming, seed: seed).tensors
    let file = try OutputFile(path: output, replacingExisting: true)
    switch container {
    case .convnext:
      guard naming == .canonical else { throw ValidationError(".convnext takes canonical names.") }
      try NativeWriter(header: header(architecture), tensors: tensors).write(to: file)
    case .safetensors:
      let format = SafetensorsMetadataEntry(key: "format", value: "pt")
      try SafetensorsWriter(tensors: tensors, metadata: [format]).write(to: file)
    case .pytorch:
      let archiveName = TorchWriter.archiveName(forPath: output)
      try TorchWriter(tensors: tensors, archiveName: archiveName).write(to: file)
    }
    try file.commit()
  }

  private func architecture() throws -> Architecture {
    var architecture = try Variant.configuration(named: config).variant.architecture
    guard depths != nil || widths != nil else { return architecture }
    let depths = try depths.map(numbers) ?? architecture.depths
    let widths = try widths.map(numbers) ?? architecture.widths
    guard depths.count == widths.count else {
      throw ValidationError("There must be as many depths as widths.")
    }
    architecture.stages = zip(depths, widths).map { Architecture.Stage(depth: $0, width: $1) }
    return architecture
  }

  private func numbers(_ text: String) throws -> [Int] {
    try text.split(separator: ",").map { part in
      guard let number = Int(part), (1...1 << 20).contains(number) else {
        throw ValidationError("'\(part)' is no count.")
      }
      return number
    }
  }

  private func header(_ architecture: Architecture) -> NativeHeader {
    NativeHeader(
      model: ModelDescription(
        version: architecture.version, variant: Variant(of: architecture)?.name ?? "custom",
        depths: architecture.depths, widths: architecture.widths,
        classes: architecture.head.classes, imageSize: nil, features: architecture.features),
      source: SourceDescription(
        fileName: "synthetic", sha256: nil, container: "none", naming: nil, wrapper: nil,
        prefix: "", tool: "synthesize \(seed)"))
  }
}
