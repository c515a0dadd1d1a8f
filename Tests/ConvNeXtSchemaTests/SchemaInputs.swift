import ConvNeXtSchema
import TensorModel

/// Tensors as the schema sees them, behind a prefix and within a dictionary.
func inputs(
  _ tensors: [TensorInfo], prefix: String = "", wrapper: String = ""
) -> [SchemaInput] {
  tensors.map { tensor in
    var info = tensor
    info.name = TensorName((wrapper.isEmpty ? "" : "\(wrapper).") + prefix + tensor.name.string)
    return SchemaInput(info: info, wrapper: wrapper)
  }
}
