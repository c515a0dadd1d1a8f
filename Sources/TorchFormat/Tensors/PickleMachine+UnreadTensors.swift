/// Tensors that are listed by what they are, and not read.
extension PickleMachine {
  /// A tensor of a kind that is only named; the function is not imitated, so nothing that it is
  /// given may have methods of its own.
  mutating func unread(
    _ name: String, _ arguments: [PickleValue], _ description: String
  ) throws(TorchError) -> PickleTensor {
    try requireTensorArguments(arguments, of: name)
    return try keep(.unsupported(description))
  }

  func quantizedDescription(_ arguments: [PickleValue]) -> String {
    var parts: [String] = []
    if case .storage(let storage)? = arguments.first { parts.append(storage.storageClass.name) }
    if arguments.count > 4, let parameters = items(of: arguments[4]),
      case .global(let scheme)? = parameters.first
    {
      parts.append(scheme.globalName.qualifiedName)
    }
    return "a quantized tensor (\(parts.joined(separator: ", ")))"
  }

  func sparseDescription(_ arguments: [PickleValue]) -> String {
    guard case .object(let layout)? = arguments.first,
      case .text(let name)? = layout.arguments.first
    else { return "a sparse tensor" }
    return "a sparse tensor (\(name))"
  }
}
