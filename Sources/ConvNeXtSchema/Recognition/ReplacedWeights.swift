import ByteIO
import TensorModel

/// A form in which a library keeps weights while it trains or changes a model, in the place of the
/// plain weights. Its own code makes plain ones of them.
public enum ReplacedWeights: CaseIterable, Sendable {
  /// An adapter next to the weights, or without them (`peft/tuners/lora/layer.py`).
  case adapter
  /// Weights with a mask (`torch/nn/utils/prune.py`).
  case pruned
  /// Weights that are computed from others (`torch/nn/utils/parametrize.py`).
  case parametrized
  /// Directions and lengths (`torch/nn/utils/weight_norm.py`).
  case normalized
  /// Codes with scales (`optimum/quanto/tensor/weights/qbytes.py`).
  case quantized
  /// Places of weights of which each process holds a part (`deepspeed/runtime/zero`, stage 3).
  case partitioned

  /// The components of names by which each is known; none where all shapes are empty.
  static let table: [(form: ReplacedWeights, components: Set<String>)] = [
    (.adapter, ["base_layer", "lora_A", "lora_B"]), (.pruned, ["weight_mask", "weight_orig"]),
    (.parametrized, ["parametrizations"]), (.normalized, ["weight_g", "weight_v"]),
    (.quantized, ["_data", "_scale"]), (.partitioned, []),
  ]

  /// The form that some tensors show; `nil` for plain ones. Linear in their number.
  init?(_ tensors: some Collection<TensorInfo>) {
    if !tensors.isEmpty, tensors.allSatisfy({ $0.shape == [0] }) {
      self = .partitioned
      return
    }
    for tensor in tensors {
      for component in tensor.name.utf8.split(separator: UInt8(ascii: ".")) {
        let component = String(decoding: component, as: UTF8.self)
        guard let row = Self.table.first(where: { $0.components.contains(component) }) else {
          continue
        }
        self = row.form
        return
      }
    }
    return nil
  }

  /// What is in the file, in words.
  public var sentence: String {
    switch self {
    case .adapter: "it holds an adapter of peft"
    case .pruned: "its weights are kept with masks, as torch.nn.utils.prune does"
    case .parametrized: "its weights are kept as torch.nn.utils.parametrize does"
    case .normalized: "its weights are kept as torch.nn.utils.weight_norm does"
    case .quantized: "its weights are codes of optimum-quanto"
    case .partitioned:
      "all of its tensors are empty, as where each process of DeepSpeed holds a part"
    }
  }

  /// How plain weights are made of them.
  public var hint: String {
    switch self {
    case .adapter:
      "an adapter is not a model: merge it into its model first (merge_and_unload() of peft)"
    case .pruned: "prune.remove(module, 'weight') makes plain weights of them"
    case .parametrized:
      "parametrize.remove_parametrizations(module, 'weight') makes plain weights of them"
    case .normalized: "remove_weight_norm(module) makes plain weights of them"
    case .quantized: "dequantize the model, and save it again"
    case .partitioned: "zero_to_fp32.py, which DeepSpeed puts next to such files, joins the parts"
    }
  }
}
