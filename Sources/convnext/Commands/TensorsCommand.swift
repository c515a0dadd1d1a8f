import ArgumentParser
import ByteIO
import Convert
import Inspect
import TensorModel
import Terminal
import TorchFormat

extension ListFormat: ExpressibleByArgument {}

struct TensorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensors",
    abstract: "List every tensor of a checkpoint, ConvNeXt or not.",
    discussion: """
      EXAMPLES:
        convnext tensors convnext_tiny.pth
        convnext tensors convnext_tiny.pth --stats --match '*.gamma'
        convnext tensors model.safetensors --sort std --top 10 --format markdown

      On a terminal a table for people; into a pipe, columns separated by tabs.
      """)

  @Argument(help: "The checkpoint.", completion: .checkpoints)
  var file: String

  @Flag(
    help: """
      Read the elements, and show minimum, maximum, mean and standard deviation of the finite \
      ones, counts of zeros, subnormals, NaNs and infinities, and a histogram.
      """)
  var stats = false

  @Option(
    help: "Only tensors whose whole name fits; * is any text, ? one character.",
    completion: .tensorNames)
  var match: String?

  @Option(
    help: """
      Order by name, bytes, elements, min, max, mean or std: names and minima upwards, the rest \
      downwards.
      """)
  var sort: TensorListing.Order?

  @Option(parsing: .unconditional, help: "Only the first N.")
  var top: Int?

  @Option(help: "table, tsv, csv, json or markdown.")
  var format: ListFormat?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top takes a number from 1 on.") }
    if common.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other.")
    }
  }

  func run() throws {
    try common.reporting(file: file) {
      let checkpoint = try reading.checkpoint(file, common)
      let hasStatistics = stats || sort?.needsStatistics ?? false
      let glob = match.map { NameGlob($0) }
      let table = TensorTable(
        checkpoint: checkpoint,
        listing: try TensorListing(
          checkpoint.storedTensors, matching: glob, orderedBy: sort, top: top,
          hasStatistics: hasStatistics),
        unsupported: checkpoint.unsupportedTensors.filter {
          glob?.matches(TensorName($0.name)) ?? true
        },
        hasStatistics: hasStatistics)
      if let match, table.listing.rows.isEmpty && table.unsupported.isEmpty {
        common.note(
          "none of \(table.listing.totalCount) tensors has a name that fits \(quoted(match))")
      }
      let format =
        common.json
        ? .json : self.format ?? (StandardStream.output.isTerminal ? .table : .tsv)
      try StandardStream.output.write(
        format == .json
          ? common.result(table.json(file: file)) : table.text(format))
    }
  }
}
