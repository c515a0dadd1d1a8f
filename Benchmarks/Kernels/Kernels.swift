import Benchmark
import ByteIO
import Inspect
import SafetensorsFormat
import TensorModel

/// Elements of each tensor: 4 MiB of F32, more than a core's second-level cache holds.
private let elementCount = 1 << 20

/// A tensor of a type with made-up elements, all of them finite.
private func tensor(_ elementType: ElementType) throws -> Tensor {
  let width = elementType.bitWidth / 8
  var bytes = [UInt8](repeating: 0, count: elementCount * width)
  var state: UInt64 = 1
  for index in bytes.indices {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    // The last byte of an element has its sign and most of its exponent.
    let isLast = index % width == width - 1
    bytes[index] = UInt8(truncatingIfNeeded: state >> 56) & (isLast ? 0xBB : 0xFF)
  }
  return try Tensor(
    name: "w", elementType: elementType, shape: [elementCount],
    storage: RegionStorage(ByteRegion(copying: bytes)))
}

/// The header of a safetensors file with many small tensors, and nothing behind it.
private func header(tensorCount: Int) -> ByteRegion {
  let entries = (0..<tensorCount).map { index in
    """
    "stages.2.blocks.\(index).mlp.fc1.bias":\
    {"dtype":"F32","shape":[4],"data_offsets":[\(16 * index),\(16 * index + 16)]}
    """
  }
  return ByteRegion(copying: "{\(entries.joined(separator: ","))}".utf8)
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], maxDuration: .seconds(1))

  Benchmark("SHA-256, 4 MiB") { benchmark in
    let tensor = try tensor(.float32)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(try tensor.digest()) }
  }
  for elementType in [ElementType.float32, .float16, .bfloat16, .float64] {
    Benchmark("statistics, 2^20 \(elementType.name)") { benchmark in
      let tensor = try tensor(elementType)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(try TensorStatistics(of: tensor)) }
    }
  }
  Benchmark("difference, 2^20 F32 and F16") { benchmark in
    let tensors = (try tensor(.float32), try tensor(.float16))
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(try TensorDifference(tensors.0, tensors.1)) }
  }
  Benchmark("safetensors header, 10,000 tensors") { benchmark in
    let header = header(tensorCount: 10_000)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var scanner = JSONScanner(header)
      blackHole(try scanner.value())
    }
  }
}
