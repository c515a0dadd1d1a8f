// swift-tools-version: 6.3
import PackageDescription

// Benchmarks of the inner loops, by themselves. A package of its own, so that whoever depends on the
// library does not load what only the measuring needs.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "convnext-kit", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Kernels",
      dependencies: [
        .product(name: "ConvNeXtKit", package: "convnext-kit"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Kernels",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
