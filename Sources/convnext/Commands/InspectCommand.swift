import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import Inspect

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a checkpoint is: model, naming, parameters, MACs and FLOPs.",
    discussion: """
      EXAMPLES:
        convnext inspect convnext_tiny.pth
        convnext inspect --config tiny-224 --layers
        convnext inspect tiny.convnext --json

      Reads headers only, whatever the file's size; --sha256 reads it all. MACs are the \
      multiply-adds of convolutions and linear layers; FLOPs are twice that. '--config list' shows \
      the published sizes.
      """)

  @Argument(help: "The checkpoint.", completion: .checkpoints)
  var file: String?

  @Option(
    help: "A published size instead of a file, such as tiny-224, v2-huge-512 or atto_ols.",
    completion: .configurations)
  var config: String?

  @Option(help: "Height and width of the image that costs are given for.")
  var imageSize: Int?

  @Option(help: "The number of classes, with --config; 0 for no classifier.")
  var classes: Int?

  @Option(
    help: "Where in the file the weights stand, such as model_ema.", completion: .dictionaries)
  var key: String?

  @Flag(help: "List every layer with its shapes, parameters and MACs.")
  var layers = false

  @Flag(help: "Show what a training checkpoint holds beside tensors; nothing of it is executed.")
  var extra = false

  @Flag(help: "Compute the file's SHA-256 and the content digest, which reads the whole file.")
  var sha256 = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if (file == nil) == (config == nil) {
      throw ValidationError("Name a file, or a size with --config.")
    }
    if classes != nil && config == nil { throw ValidationError("--classes goes with --config.") }
    if let imageSize, !(1...8192).contains(imageSize) {
      throw ValidationError("--image-size takes a number from 1 to 8192.")
    }
    if let classes, !(0...10_000_000).contains(classes) {
      throw ValidationError("--classes takes a number from 0 to 10000000.")
    }
  }

  func run() throws {
    if config == "list" {
      try StandardStream.output.write(Variant.all.map { $0.fullName + "\n" }.joined())
      return
    }
    try common.reporting(file: file ?? config ?? "") {
      let text =
        if let config { try describe(configuration: config) } else { try describe(file ?? "") }
      try StandardStream.output.write(text)
    }
  }

  private func describe(configuration name: String) throws -> String {
    let (variant, size) = try Variant.configuration(named: name)
    var architecture = variant.architecture
    if let classes { architecture.head.classes = classes == 0 ? nil : classes }
    let imageSize = imageSize ?? size ?? 224
    let summary = try ModelSummary(architecture, imageSize: imageSize)
    if common.json {
      return InspectJSON(configuration: name, summary: summary, imageSize: imageSize).value
        .serialized(isPretty: true) + "\n"
    }
    return InspectText(summary: summary, showsLayers: layers).text
  }

  private func describe(_ file: String) throws -> String {
    let checkpoint = try Checkpoint(path: file, options: reading.options())
    let inspection = try Inspection(
      checkpoint, key: key, imageSize: imageSize, computesDigests: sha256)
    let content = extra ? ExtraContent(checkpoint) : nil
    if common.json {
      return InspectJSON(inspection, file: file, extra: content).value
        .serialized(isPretty: true) + "\n"
    }
    return InspectText(inspection, file: file, extra: content, showsLayers: layers).text
  }
}
