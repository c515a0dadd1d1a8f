// swift-tools-version: 6.3
import PackageDescription

/// The fuzz targets, apart from the root package: they need every module built with coverage
/// counters, and a `main` that libFuzzer brings along. `./dev fuzz` builds and runs them.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "convnext-kit", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "ConvNeXtKit", package: "convnext-kit")],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny")])
  ],
  swiftLanguageModes: [.v6]
)
