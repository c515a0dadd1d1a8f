import ByteIO
import ConvNeXtSchema
import SafetensorsFormat
import TensorModel
import TestSupport

@testable import Convert

extension FixtureManifest {
  /// The fixtures that hold a ConvNeXt.
  static func models() throws -> [FixtureFile] { try files().filter { $0.model != nil } }

  /// The fixtures that can be opened, whatever they hold.
  static func checkpoints() throws -> [FixtureFile] {
    try files().filter { $0.refused == nil && $0.mayRefuse == nil && $0.container != "json" }
  }
}

extension FixtureFile {
  func checkpoint() throws -> Checkpoint { try Checkpoint(path: path) }

  /// Whether the file holds a larger network, of which the ConvNeXt is the backbone.
  var isLargerNetwork: Bool {
    [
      "families/clip-tower.safetensors", "families/huggingface-upernet.safetensors",
      "families/facebook-detection.pth", "families/facebook-fcmae.pth",
    ].contains(file)
  }
}

extension Checkpoint {
  /// The ConvNeXt in the file that has all its tensors, whatever else there is, or `nil`.
  func completeMatch() throws -> ModelMatch? {
    guard let match = try namedMatch(), match.hasAllTensors else { return nil }
    return match
  }
}

/// Everything that is to survive a conversion: a tensor's name, type, shape and elements.
struct TensorContent: Equatable {
  let info: TensorInfo
  let bytes: [UInt8]

  init(_ tensor: Tensor) throws {
    info = tensor.info
    bytes = try tensor.contiguousBytes().array
  }
}

extension Checkpoint {
  /// The tensors with their elements, sorted by name.
  func contents() throws -> [TensorContent] {
    try tensors.sorted { $0.name < $1.name }.map { try TensorContent($0) }
  }

  /// Converts to a file whose extension says the container, and opens that.
  func converted(
    to path: String, naming: Naming? = nil, _ change: (inout ConversionRequest) -> Void = { _ in }
  ) throws -> Checkpoint {
    _ = try plan(path, naming: naming, change).write(to: path, replacingExisting: false)
    return try Checkpoint(path: path)
  }

  /// The plan of a conversion to a file whose extension says the container.
  func plan(
    _ path: String, naming: Naming? = nil, _ change: (inout ConversionRequest) -> Void = { _ in }
  ) throws -> ConversionPlan {
    var request = ConversionRequest(
      container: OutputContainer(path: path) ?? .safetensors, tool: "tests")
    request.naming = naming
    change(&request)
    return try ConversionPlan(self, request)
  }
}

extension TemporaryFolder {
  /// A folder of transformers with a tiny classifier and these keys beside the usual ones.
  static func transformers(_ config: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      Fixtures.bytes("names/huggingface.safetensors").array, to: "model.safetensors")
    try folder.write(text: config, to: "config.json")
    return folder
  }

  /// Writes a safetensors file of tensors that are all zeros.
  @discardableResult
  func writeZeros(_ shapes: KeyValuePairs<String, [Int]>, to name: String) throws -> String {
    try writeZeros(shapes.map { (TensorName($0.key), $0.value) }, to: name)
  }

  /// The same for names that are not written here.
  @discardableResult
  func writeZeros(_ shapes: [(TensorName, [Int])], to name: String) throws -> String {
    let tensors = try shapes.map { tensor, shape in
      let byteCount = 4 * shape.reduce(1, *)
      return try Tensor(
        name: tensor, elementType: .float32, shape: shape,
        storage: RegionStorage(ByteRegion(copying: [UInt8](repeating: 0, count: byteCount))))
    }
    let output = try OutputFile(path: path(name), replacingExisting: true)
    try SafetensorsWriter(tensors: tensors).write(to: output)
    try output.commit()
    return path(name)
  }

  /// Writes a text; its path.
  @discardableResult
  func write(text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

  /// Copies a fixture; the copy's path.
  @discardableResult
  func copy(_ fixture: String, to name: String) throws -> String {
    try write(Fixtures.bytes(fixture).array, to: name)
  }
}

/// A file of before 1.6 around the pickle of its object: magic number, version, system, object,
/// no storages.
func legacyFile(_ pickle: [UInt8]) -> [UInt8] {
  var magic: [UInt8] = [0x80, 2, 0x8A, 10]
  magic += [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19] + Array(".".utf8)
  let version: [UInt8] = [0x80, 2] + Array("M".utf8) + [0xE9, 0x03] + Array(".".utf8)
  let system: [UInt8] = [0x80, 2] + Array("}.".utf8)
  let keys: [UInt8] = [0x80, 2] + Array("].".utf8)
  return magic + version + system + pickle + keys
}

/// The error that `body` throws, where it is of this type.
func failure<Failure: Error>(
  _ type: Failure.Type = Failure.self, _ body: () throws -> some Any
) -> Failure? {
  do {
    _ = try body()
    return nil
  } catch { return error as? Failure }
}

/// The rule that the error which `body` throws names.
func failureRule(_ body: () throws -> some Any) -> String? {
  do {
    _ = try body()
    return nil
  } catch { return (error as? any CheckpointError)?.rule ?? "\(error)" }
}

/// The class of the error that `body` throws.
func failureCategory(_ body: () throws -> some Any) -> FailureCategory? {
  do {
    _ = try body()
    return nil
  } catch { return (error as? any CheckpointError)?.category }
}
