/// The attributes that every PyTorch tensor has from the start.
///
/// A pickle can set attributes when it makes a tensor. Those that a program adds are kept alongside
/// the elements; but `data` and `real` would mean other elements, and `__class__` another kind of
/// tensor.
enum TensorProperties {
  /// The descriptors of `torch.Tensor` and the classes above it (`torch/_tensor.py`,
  /// `torch/csrc/autograd/python_variable.cpp`), except for names that begin with two underscores.
  private static let names: Set<String> = [
    "H", "T", "_backward_hooks", "_base", "_cdata", "_grad", "_grad_fn",
    "_has_symbolic_sizes_strides", "_post_accumulate_grad_hooks", "_python_dispatch", "_version",
    "data", "device", "dtype", "grad", "grad_dtype", "grad_fn", "imag", "is_cpu", "is_cuda",
    "is_ipu", "is_leaf", "is_maia", "is_meta", "is_mkldnn", "is_mps", "is_mtia", "is_nested",
    "is_quantized", "is_sparse", "is_sparse_csr", "is_vulkan", "is_xla", "is_xpu", "itemsize",
    "layout", "mH", "mT", "name", "names", "nbytes", "ndim", "output_nr", "real", "requires_grad",
    "retains_grad", "shape", "volatile",
  ]

  /// Whether a key of a tensor's state is an attribute that a program adds.
  static func allows(_ key: PickleValue) -> Bool {
    guard case .text(let name) = key, !name.utf8.starts(with: "__".utf8) else { return false }
    return name.utf8.count > largestByteCount || !names.contains(name)
  }

  /// Longer names are not among these, and are not looked up.
  private static let largestByteCount = 64
}
