import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import NativeFormat
import SafetensorsFormat
import TensorModel
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
        synthesize tiny huggingface folder/ --shards 5

      The same seed always gives the same numbers, in every naming and container.
      """)

  @Argument(help: "A published size, such as tiny-224 or v2-huge-512.")
  var config: String

  @Argument(help: "Whose names the tensors have, such as timm or facebook.")
  var naming: String

  @Argument(help: "The output: .convnext, .safetensors, .pth, .pt or .bin; with --shards a folder.")
  var output: String

  @Option(help: "Where the numbers begin.")
  var seed: UInt64 = 1

  @Option(help: "Blocks of each stage, instead of the published ones.")
  var depths: String?

  @Option(help: "Channels of each stage, instead of the published ones.")
  var widths: String?

  @Option(help: "Into how many safetensors files with an index the tensors are dealt out.")
  var shards: Int?

  func run() throws {
    guard let naming = Naming(rawValue: naming) else {
      throw ValidationError("There is no naming '\(naming)'.")
    }
    let architecture = try architecture()
    let tensors = try SyntheticModel(architecture, naming: naming, seed: seed).tensors
    if let shards {
      try write(tensors, shards: shards)
      return
    }
    guard let container = OutputContainer(path: output) else {
      throw ValidationError("The extension of '\(output)' names no container.")
    }
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

  /// Writes shards and their index as Hugging Face lays them out: a shard is full when its part of
  /// all bytes is reached.
  private func write(_ tensors: [Tensor], shards count: Int) throws {
    guard (1...99_999).contains(count) else {
      throw ValidationError("There must be 1 to 99,999 shards.")
    }
    try FileSystem.makeFolder(output)
    let byteCount = tensors.reduce(0) { $0 + $1.byteCount }
    var shards: [[Tensor]] = Array(repeating: [], count: count)
    var start = 0
    for tensor in tensors {
      shards[min(start * count / max(byteCount, 1), count - 1)].append(tensor)
      start += tensor.byteCount
    }
    var names = JSONObject()
    for (index, shard) in shards.enumerated() {
      let name = "model-\(padded(index + 1))-of-\(padded(count)).safetensors"
      let file = try OutputFile(path: "\(output)/\(name)", replacingExisting: true)
      let format = SafetensorsMetadataEntry(key: "format", value: "pt")
      try SafetensorsWriter(tensors: shard, metadata: [format]).write(to: file)
      try file.commit()
      for tensor in shard { names[tensor.name.string] = .string(name) }
    }
    let index = try OutputFile(
      path: "\(output)/model.safetensors.index.json", replacingExisting: true)
    let json = JSONValue.object([
      "metadata": .object(["total_size": .integer(byteCount)]), "weight_map": .object(names),
    ])
    try index.write(Array(json.serialized(isPretty: true).utf8), at: 0)
    try index.commit()
  }

  private func padded(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
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
