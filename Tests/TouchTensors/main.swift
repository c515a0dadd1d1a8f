import NativeFormat
import TensorModel

/// Opens a `.convnext` file as an app does, and reads a number of every page of every tensor:
/// what the file costs before the first multiplication. `Benchmarks/run` measures it.
private let elementsPerPage = 1024

let file = try NativeFile(path: CommandLine.arguments.last ?? "model.convnext")
var sum: Float = 0
for tensor in file.tensors where tensor.elementType == .float32 {
  sum += try file.withElements(of: tensor.name, as: Float.self) { elements in
    var sum: Float = 0
    for index in stride(from: 0, to: elements.count, by: elementsPerPage) { sum += elements[index] }
    return sum
  }
}
print(file.tensors.count, sum)
