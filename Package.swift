// swift-tools-version: 6.3
import PackageDescription

/// One row of the module table: a library target and what it may import.
///
/// `Tests/ArchitectureTests` checks the `import` lines of the sources against this table, because
/// SwiftPM lets a target import what its dependencies import.
struct Module {
  let name: String
  let dependencies: [Target.Dependency]

  init(_ name: String, imports dependencies: Target.Dependency...) {
    self.name = name
    self.dependencies = dependencies
  }
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let modules = [
  Module("ByteIO", imports: crypto),
  Module("Signing", imports: "ByteIO", crypto),
  Module("Terminal", imports: "ByteIO"),
  Module("TensorModel", imports: "ByteIO"),
  Module("SafetensorsFormat", imports: "ByteIO", "TensorModel"),
  Module("TorchFormat", imports: "ByteIO", "TensorModel", "CDeflate"),
  Module("NativeFormat", imports: "ByteIO", "TensorModel"),
  Module("ConvNeXtSchema", imports: "ByteIO", "TensorModel"),
  Module("Quantize", imports: "ByteIO", "TensorModel", "ConvNeXtSchema"),
  Module("Inspect", imports: "ByteIO", "TensorModel", "ConvNeXtSchema"),
  Module(
    "Convert",
    imports: "ByteIO", "TensorModel", "SafetensorsFormat", "TorchFormat", "NativeFormat",
    "ConvNeXtSchema", "Quantize", "Inspect", "Signing"),
  Module("Report", imports: "ByteIO", "TensorModel", "ConvNeXtSchema", "Inspect"),
]

// Warnings are errors in this repository's own commands, which set this; a package that depends on this
// one must not break where a newer compiler has new ones.
let strictness: [SwiftSetting] =
  Context.environment["CONVNEXT_KIT_STRICT"] == nil
  ? [] : [.treatAllWarnings(as: .error, .when(configuration: .debug))]

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // `@_lifetime`: a region of bytes lends a span that cannot outlive it.
    .enableExperimentalFeature("Lifetimes"),
  ]
  + strictness

let package = Package(
  name: "convnext-kit",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .executable(name: "convnext", targets: ["convnext"]),
    .library(name: "ConvNeXtKit", targets: modules.map(\.name)),
    // What an app that reads `.convnext` files needs, including the modules that its API exposes.
    // No archive library is linked, which `Tests/NativeFormatTests/LinkTests.swift` checks.
    .library(name: "NativeFormat", targets: ["NativeFormat", "TensorModel", "Signing", "ByteIO"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    // The tests compare the zip reader with it.
    .systemLibrary(
      name: "CZip", path: "Tests/CZip", pkgConfig: "libzip",
      providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),
  ]
    + modules.map {
      .target(name: $0.name, dependencies: $0.dependencies, swiftSettings: settings)
    } + [
      .executableTarget(
        name: "convnext",
        dependencies: [
          "ByteIO", "Signing", "Terminal", "TensorModel", "TorchFormat", "NativeFormat",
          "ConvNeXtSchema", "Quantize", "Inspect", "Convert", "Report", argumentParser,
        ],
        swiftSettings: settings),
      .executableTarget(
        name: "NativeProbe", dependencies: ["NativeFormat", "TensorModel"],
        path: "Tests/NativeProbe", swiftSettings: settings),
      .executableTarget(
        name: "KitProbe",
        dependencies: modules.map { .byName(name: $0.name) }, path: "Tests/KitProbe",
        swiftSettings: settings),
      .target(
        name: "TestSupport", dependencies: ["ByteIO", "TensorModel", "ConvNeXtSchema"],
        path: "Tests/TestSupport", swiftSettings: settings),
      // Full-size checkpoints for ./dev bench, and what an app does with one.
      .executableTarget(
        name: "synthesize",
        dependencies: ["TestSupport"] + modules.map { .byName(name: $0.name) } + [argumentParser],
        path: "Tests/Synthesize", swiftSettings: settings),
      .executableTarget(
        name: "touch-tensors", dependencies: ["NativeFormat", "TensorModel"],
        path: "Tests/TouchTensors", swiftSettings: settings),
    ]
    + modules.map {
      .testTarget(
        name: "\($0.name)Tests",
        dependencies: [.byName(name: $0.name), "TestSupport"]
          + ($0.name == "TorchFormat" ? ["CZip"] : []),
        swiftSettings: settings)
    } + [
      .testTarget(
        name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: settings),
      .testTarget(
        name: "CommandTests",
        dependencies: ["TestSupport", "convnext", "ByteIO", "Terminal", argumentParser],
        swiftSettings: settings),
    ],
  swiftLanguageModes: [.v6]
)
