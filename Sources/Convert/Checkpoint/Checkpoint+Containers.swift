extension Checkpoint.Container {
  /// What files of this kind are, in words.
  public var summary: String {
    switch self {
    case .pytorchZip: "PyTorch from 1.6 on: a zip archive with a pickle and the tensors"
    case .pytorchLegacy: "PyTorch before 1.6: pickles, followed by the tensors"
    case .pytorchTar: "PyTorch of 2016: a tar archive"
    case .torchScript: "a model compiled by PyTorch: a zip archive with code, which is not run"
    case .safetensors: "a JSON header, followed by the tensors"
    case .convnext: "this project's own: checked, and mapped into memory by Swift"
    }
  }

  /// Whether tensors of such files can be read.
  public var isRead: Bool { self != .pytorchTar }

  /// How such files are written; `nil` if they are only read.
  public var output: OutputContainer? {
    switch self {
    case .pytorchZip: .pytorch
    case .pytorchLegacy, .pytorchTar, .torchScript: nil
    case .safetensors: .safetensors
    case .convnext: .convnext
    }
  }
}
