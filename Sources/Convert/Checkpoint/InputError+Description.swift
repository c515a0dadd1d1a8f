public import ByteIO
import ConvNeXtSchema

extension InputError: CheckpointError {
  /// `unsupported` for what another program can use; `invalidInput` otherwise.
  public var category: FailureCategory {
    switch self {
    case .foreignFile(let file): file.isValid ? .unsupported : .invalidInput
    case .distributedCheckpoint: .unsupported
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .emptyFile: "empty-file"
    case .foreignFile: "foreign-file"
    case .unexpectedJSON: "unexpected-json"
    case .unknownFile, .unknownText: "unknown-file"
    case .invalidConfig: "invalid-config"
    case .configTooLarge: "config-too-large"
    case .linkOutsideFolder: "link-outside-folder"
    case .noCheckpointInFolder: "no-checkpoint-in-folder"
    case .distributedCheckpoint: "distributed-checkpoint"
    case .noTensors: "no-tensors"
    case .invalidQuantization: "invalid-quantization"
    case .hiddenHDF5: "hidden-hdf5"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .emptyFile: "the file is empty"
    case .foreignFile(let file): "this is \(file.name)"
    case .unexpectedJSON: "this is JSON, but not an index of shards"
    case .unknownFile(let bytes):
      "this is not a known kind of checkpoint: it begins with the bytes \(lowercaseHex(bytes))"
    case .unknownText(let line): "this is not a checkpoint, but a text: \(quoted(line))"
    case .invalidConfig(let name, let error): "its \(quoted(name)) is not valid JSON: \(error)"
    case .configTooLarge(let name, let byteCount, let limit):
      "its \(quoted(name)) has \(byteCount) bytes, the limit is \(limit)"
    case .linkOutsideFolder(let name, let target):
      "\(quoted(name)) is a link that leads out of the folder, to \(quoted(target))"
    case .noCheckpointInFolder(let found):
      "the folder holds no model.safetensors, pytorch_model.bin, nor an index of shards"
        + (found.isEmpty ? "" : ", but \(quotedList(found))")
    case .noTensors(let hasArrays):
      "there are no tensors in it" + (hasArrays ? "; its NumPy arrays are not read as tensors" : "")
    case .distributedCheckpoint: "this is a checkpoint of torch.distributed.checkpoint, in parts"
    case .hiddenHDF5:
      "the file is also an HDF5 file to other programs, which find another model in it"
    case .invalidQuantization(let reason):
      "the metadata \(quoted(OwnMetadata.quantizationKey)) cannot be used: \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .invalidConfig(_, let error) where error.isTooDeep: Limits.Name.jsonDepth.hint
    case .emptyFile: "download the file again"
    case .foreignFile(let file): file.hint
    case .noCheckpointInFolder(let found) where found.contains { $0.hasPrefix("adapter_model.") }:
      ReplacedWeights.adapter.hint
    case .noCheckpointInFolder(let found)
    where !found.isEmpty && found.allSatisfy(ModelFolder.isOfOtherLibrary):
      "weights of TensorFlow and Flax are not read: load and save the model with PyTorch"
    case .noCheckpointInFolder(let found) where !found.isEmpty: "name the one that you mean"
    case .unexpectedJSON, .noCheckpointInFolder:
      "name the file with the weights, their index, or the folder that holds either"
    case .configTooLarge: Limits.Name.configByteCount.hint
    case .unknownFile: "PyTorch, safetensors and .convnext files are read"
    case .noTensors(let hasArrays):
      hasArrays
        ? "save tensors: torch.from_numpy makes one of an array"
        : "'convnext inspect' shows what is in it"
    case .distributedCheckpoint:
      "'python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER FILE.pth' makes one"
        + " file of it"
    case .unknownText:
      "if it was downloaded, it is what the server answered: look at the address, or log in"
    case .linkOutsideFolder:
      "copy the file into the folder, if it is the one that you want"
    case .hiddenHDF5: "do not open the file with Keras or TensorFlow: such a model can run code"
    case .invalidQuantization: "quantize the original again, or download the file again"
    default: nil
    }
  }

  /// The file in the folder, if one is concerned.
  public var place: ErrorPlace {
    switch self {
    case .configTooLarge(let name, _, _): ErrorPlace(record: name)
    case .invalidConfig(let name, let error): ErrorPlace(record: name, byteOffset: error.offset)
    case .hiddenHDF5(let byteOffset): ErrorPlace(byteOffset: byteOffset)
    default: ErrorPlace()
    }
  }
}
