import ByteIO
import ConvNeXtSchema
import Inspect
import TensorModel

extension ModelSummary {
  /// A row for each stage, and the totals.
  var stageTable: TextTable {
    var table = TextTable([
      ("STAGE", .left), ("BLOCKS", .right), ("PARAMETERS", .right), ("%", .right),
      ("SIZE", .right), ("MACS", .right), ("%", .right), ("OUTPUT", .left),
    ])
    let percent = { (part: Int, whole: Int) in
      whole == 0 ? "-" : fixedPoint(100 * Double(part) / Double(whole), decimals: 1)
    }
    for stage in stages {
      table.append([
        stage.name, stage.blockCount == 0 ? "-" : String(stage.blockCount),
        grouped(stage.parameterCount), percent(stage.parameterCount, parameterCount),
        readableByteCount(stage.byteCount), readableCount(stage.macs),
        percent(stage.macs, macs), readableMap(stage.outputShape),
      ])
    }
    table.append([
      "total", String(architecture.depths.reduce(0, +)), grouped(parameterCount),
      "100.0", readableByteCount(byteCount), readableCount(macs), "100.0", "",
    ])
    return table
  }

  /// A row for each layer.
  var layerTable: TextTable {
    var table = TextTable([
      ("LAYER", .left), ("KIND", .left), ("PARAMETERS", .right), ("MACS", .right),
      ("INPUT", .left), ("OUTPUT", .left), ("KERNEL", .left), ("GROUPS", .right),
    ])
    for layer in layers {
      let kernel = layer.convolution.map {
        "\($0.kernelSize)x\($0.kernelSize)" + ($0.stride > 1 ? " stride \($0.stride)" : "")
      }
      table.append([
        layer.name, layer.kind.rawValue, grouped(layer.parameterCount), grouped(layer.macs),
        readableMap(layer.inputShape), readableMap(layer.outputShape), kernel ?? "-",
        layer.convolution.map { String($0.groups) } ?? "-",
      ])
    }
    return table
  }
}
