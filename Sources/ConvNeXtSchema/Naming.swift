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
