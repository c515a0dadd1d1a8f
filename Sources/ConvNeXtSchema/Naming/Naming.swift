/// Who named the tensors.
public enum Naming: String, CaseIterable, Sendable {
  /// This project's own names, in `.convnext` files and manifests.
  case canonical
  /// Meta's repositories `facebookresearch/ConvNeXt` and `ConvNeXt-V2`.
  case facebook
  /// PyTorch Image Models.
  case timm
  /// Hugging Face transformers.
  case huggingface
  /// torchvision.
  case torchvision
  /// mmpretrain, mmdetection and mmsegmentation.
  case openmmlab
}

extension Naming {
  /// Whose names they are, in words.
  public var publisher: String {
    switch self {
    case .canonical: "this project's own, in .convnext files"
    case .facebook: "Meta's repositories ConvNeXt and ConvNeXt-V2"
    case .timm: "PyTorch Image Models"
    case .huggingface: "Hugging Face transformers"
    case .torchvision: "torchvision"
    case .openmmlab: "mmpretrain, mmdetection and mmsegmentation"
    }
  }
}
