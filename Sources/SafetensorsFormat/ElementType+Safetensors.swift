import TensorModel

/// The element types of safetensors, in the order in which the reference implementation declares
/// them (`enum Dtype` in `tensor.rs`).
///
/// The order matters: a writer places tensors of later types first.
let safetensorsElementTypes: [ElementType] = [
  .bool, .float4, .float6E2M3, .float6E3M2, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0,
  .float8E4M3FNUZ, .float8E5M2FNUZ, .int16, .uint16, .float16, .bfloat16, .int32, .uint32, .float32,
  .complex64, .float64, .int64, .uint64,
]

/// The element types by their names in headers, which are case-sensitive.
let elementTypeByTag = Dictionary(
  uniqueKeysWithValues: safetensorsElementTypes.map { ($0.name, $0) })

/// The positions of the element types in `safetensorsElementTypes`.
let rankByElementType = Dictionary(
  uniqueKeysWithValues: safetensorsElementTypes.enumerated().map { ($1, $0) })
