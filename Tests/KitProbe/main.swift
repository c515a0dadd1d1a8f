import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import NativeFormat
import TensorModel

/// Says what is in a checkpoint, converts it, and checks the result.
func convert(_ input: String, to output: String) throws {
  // Any container and any naming. Headers and pickles are read, tensors are not.
  let checkpoint = try Checkpoint(path: input)

  let inspection = try Inspection(checkpoint, imageSize: 32)
  if let match = inspection.match, let summary = inspection.summary {
    print("\(match.modelName) under \(match.candidate.naming.rawValue) names")
    print("\(summary.parameterCount) parameters, \(summary.macs) MACs")
  }
  for doubt in inspection.doubts { print("doubt: \(doubt)") }

  // What is missing, extra or of another shape is thrown here, before anything is written.
  let request = ConversionRequest(container: .convnext, tool: "KitProbe 1.0")
  let plan = try ConversionPlan(checkpoint, request)
  for step in plan.steps.prefix(3) {
    print("\(step.sourceName) is \(step.output.name) \(step.output.shape)")
  }
  let result = try plan.write(to: output, replacingExisting: false)
  print("wrote \(result.byteCount) bytes, content digest \(result.contentDigest?.hex ?? "-")")

  // The elements as they lie in the mapped file.
  let file = try NativeFile(path: output)
  try file.withElements(of: "head.classifier.bias", as: Float.self) { bias in
    print("\(bias.count) classes, the first one's bias is \(bias[0])")
  }
  print("intact: \(try Verification(path: output).isIntact)")
}

let paths = CommandLine.arguments.dropFirst()
do {
  try convert(paths.first ?? "model.pth", to: paths.dropFirst().first ?? "model.convnext")
} catch let error as any CheckpointError {
  // Every error says which rule was broken, and where.
  print("\(error.rule): \(error.message)")
  if let tensor = error.place.tensor { print("at tensor \(tensor)") }
}
