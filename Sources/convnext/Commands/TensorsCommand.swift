import ArgumentParser
import ByteIO
import Convert
import TensorModel
import TorchFormat

struct TensorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensors",
    abstract: "List every tensor of a checkpoint, ConvNeXt or not.",
    discussion: """
      EXAMPLES:
        convnext tensors convnext_tiny.pth
        convnext tensors model.safetensors --json

      On a terminal a table for people; into a pipe, columns set apart by tabs.
      """)

  @Argument(help: "The checkpoint.", completion: .file())
  var file: String

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.reporting(file: file) {
      let checkpoint = try Checkpoint(path: file, options: reading.options())
      if common.json {
        try StandardStream.output.write(json(checkpoint).serialized(isPretty: true) + "\n")
      } else {
        try StandardStream.output.write(table(checkpoint))
      }
    }
  }

  private func table(_ checkpoint: Checkpoint) -> String {
    let isForPeople = StandardStream.output.isTerminal
    var table = TextTable([
      ("NAME", .left), ("DTYPE", .left), ("SHAPE", .left), ("ELEMENTS", .right),
      ("BYTES", .right),
    ])
    for tensor in checkpoint.tensors {
      table.append([
        escaped(tensor.name.string), tensor.elementType.name, readableShape(tensor.shape),
        isForPeople ? grouped(tensor.elementCount) : String(tensor.elementCount),
        isForPeople ? grouped(tensor.byteCount) : String(tensor.byteCount),
      ])
    }
    for tensor in checkpoint.unsupportedTensors {
      table.append([escaped(tensor.name), escaped(tensor.description), "-", "-", "-"])
    }
    guard isForPeople else { return table.tabSeparated() }
    let elements = checkpoint.tensors.reduce(0) { $0 &+ $1.elementCount }
    table.append([
      "total: \(checkpoint.tensors.count)", "", "", grouped(elements),
      grouped(checkpoint.tensorByteCount),
    ])
    return table.aligned(columnCount: StandardStream.output.columnCount)
  }

  private func json(_ checkpoint: Checkpoint) -> JSONValue {
    .object([
      "schema": "convnext.tensors/1",
      "file": .string(file),
      "container": .string(checkpoint.container.rawValue),
      "tensors": .array(
        checkpoint.tensors.map { tensor in
          .object([
            "name": .string(tensor.name.string),
            "dtype": .string(tensor.elementType.name),
            "shape": .integers(tensor.shape),
            "elements": .integer(tensor.elementCount),
            "bytes": .integer(tensor.byteCount),
          ])
        }),
      "unsupported": .array(
        checkpoint.unsupportedTensors.map { tensor in
          .object(["name": .string(tensor.name), "description": .string(tensor.description)])
        }),
    ])
  }
}
