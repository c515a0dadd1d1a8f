import NativeFormat
import TensorModel

let file = try NativeFile(path: CommandLine.arguments.last ?? "model.convnext")

let model = file.header.model
print("ConvNeXt V\(model.version) \(model.variant): depths \(model.depths), widths \(model.widths)")

for tensor in file.tensors {
  print(tensor.name, tensor.elementType.name, tensor.shape)
}

for tensor in file.tensors where tensor.elementType == .float32 {
  let sum = try file.withElements(of: tensor.name, as: Float.self) { elements in
    var sum: Float = 0
    for index in elements.indices { sum += elements[index] }
    return sum
  }
  print("the elements of \(tensor.name) add up to \(sum)")
}

for problem in try file.verify() {
  print("not intact: \(problem.message)")
}
