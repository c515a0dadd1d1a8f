import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert
import NativeFormat
import TensorModel

/// Options of the commands that write a model: which weights of a file, and under whose names.
struct WeightsOptions: ParsableArguments {
  @Option(
    help: """
      Whose names the result has: canonical, facebook, timm, huggingface, torchvision or \
      openmmlab. Without it the source's; .convnext files are always canonical.
      """)
  var naming: Naming?

  @Option(
    help: "Where in the file the weights are, such as model_ema.", completion: .dictionaries)
  var key: String?

  @Option(help: "model, or backbone: no classifier and no other part of a larger network.")
  var part = PartChoice.model

  @Flag(help: "Leave out tensors that the model does not have, and say which.")
  var allowExtra = false

  @Flag(help: "Go on without tensors that the file does not have, and say which.")
  var allowMissing = false

  /// Throws `ValidationError` for an output without a name.
  static func requireName(_ output: String?) throws {
    if output == "" { throw ValidationError("The output has no name.") }
  }

  /// Throws `ValidationError` if the container has its own names and others are asked for.
  func requireNamesFit(_ container: OutputContainer?) throws {
    if container == .convnext, let naming, naming != .canonical {
      throw ValidationError(".convnext files have canonical names; leave --naming out.")
    }
  }

  /// The requested conversion. Throws `FileError` if nothing determines the container.
  ///
  /// - Parameters:
  ///   - output: The output's path; `nil` if nothing is written, as if to a `.convnext` file.
  ///   - container: The container that was asked for; `nil` for that of the output's extension.
  func request(
    output: String?, container: OutputContainer? = nil
  ) throws(FileError) -> ConversionRequest {
    var request = ConversionRequest(
      container: try Self.container(of: output, asked: container), tool: toolName)
    request.key = key
    request.naming = naming
    request.isBackboneOnly = part == .backbone
    request.allowsExtra = allowExtra
    request.allowsMissing = allowMissing
    return request
  }

  private static func container(
    of output: String?, asked: OutputContainer?
  ) throws(FileError) -> OutputContainer {
    // The output file says why it cannot be standard output.
    guard let output, output != "-" else { return asked ?? .convnext }
    if let container = asked ?? OutputContainer(path: output) { return container }
    guard ConversionPlan.isFolder(output) else {
      throw FileError(ConversionError.unknownOutput, path: output)
    }
    return .safetensors
  }
}
