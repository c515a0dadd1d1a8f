import ArgumentParser
import Testing

@testable import convnext

@Suite("Unknown values")
struct UnknownValueTests {
  @Test(
    "the value that was meant is named",
    arguments: [
      ("quantize a -o b --to fp16", "float16"), ("quantize a -o b --to=bf16", "bfloat16"),
      ("convert a -o b --naming hf", "huggingface"),
      ("convert a -o b --naming torchvison", "torchvision"),
      ("convert a -o b --naming TIMM", "timm"), ("convert a -o b --to torch", "pytorch"),
      ("convert a -o b --to fp16", "convnext quantize --to float16"),
      ("inspect a --format md", "markdown"),
    ])
  func suggestions(_ line: String, _ meant: String) throws {
    let result = try Command.shell("convnext \(line)")
    #expect(result.status == 64)
    #expect(result.error.contains("Did you mean '\(meant)'?"), "\(result.error)")
    #expect(result.error.contains("Usage: convnext \(line.prefix { $0 != " " }) "))
  }

  @Test("where nothing is near, all values are named")
  func values() {
    let error = UnknownValue.error(in: ["inspect", "a", "--color", "sometimes"])
    #expect(
      error?.message == "'sometimes' is not a value of '--color'. It takes auto, always, never.")
    #expect(UnknownValue.error(in: ["inspect", "a", "--color", "never"])?.message == nil)
    #expect(UnknownValue.error(in: ["inspect", "--", "--color", "x"])?.message == nil)
  }
}
