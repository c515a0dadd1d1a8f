import ByteIO
import TestSupport
import Testing

@Suite("Files that no output replaces")
struct ReadFilesTests {
  /// A folder with files to read, and other names for some of them.
  private func filledFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["a.pth", "b.pth"] { try folder.copy("names/timm.pth", to: name) }
    try folder.write(TestKeys.privateKey.utf8, to: "private.pem")
    try folder.write("x y\n".utf8, to: "rules.pth")
    try folder.write(#"{"expand": "float16"}"#.utf8, to: "recipe.convnext")
    folder.link("link.pth", to: "a.pth")
    folder.link("link-to-key", to: "private.pem")
    folder.link("a.pth.sig", to: "a.pth")
    try FileSystem.makeFolder(folder.path("m"))
    for name in ["config.json", "model.safetensors"] {
      try folder.copy("folders/single/\(name)", to: "m/\(name)")
    }
    return folder
  }

  @Test(
    "--force replaces no file that is read for another purpose",
    arguments: [
      "quantize a.pth -o s.convnext --report a.pth", "quantize a.pth -n --report ./m/../link.pth",
      "quantize a.pth -o s.pth --to float16 --report s.pth",
      "quantize a.pth -o recipe.convnext --recipe recipe.convnext",
      "quantize m -n --report m/config.json", "quantize - -n --report a.pth < a.pth",
      "quantize a.pth -n --recipe recipe.convnext --report recipe.convnext",
      "quantize m -o n/ --to float16 --naming huggingface --report n/config.json",
      "report a.pth -o a.pth", "report a.pth -o link.pth", "report a.pth b.pth -o b.pth",
      "report m -o m/config.json", "report m -o m/model.safetensors", "report - -o a.pth < a.pth",
      "report a.pth -o rules.pth --rules rules.pth",
      "sign a.pth --key private.pem -o a.pth", "sign a.pth --key private.pem -o private.pem",
      "sign a.pth --key private.pem -o link-to-key", "sign a.pth --key private.pem",
      "convert a.pth -o rules.pth --rules rules.pth",
      "convert m -o m/config.json --to safetensors",
    ])
  func refused(_ line: String) throws {
    let folder = try filledFolder()
    let names = folder.names
    let read = ["a.pth", "b.pth", "private.pem", "rules.pth", "recipe.convnext", "m/config.json"]
    let contents = try read.map { try folder.bytes($0) }
    let parts = line.split(separator: "<", maxSplits: 1)
    let input = parts.count > 1 ? "<\(parts[1])" : ""
    let result = try Command.shell("convnext \(parts[0]) --force \(input)", in: folder.path)
    #expect(result.status == 64, "\(result.output)\(result.error)")
    #expect(result.error.contains("no output may replace"), "\(result.error)")
    #expect(result.error.contains("hint: "))
    #expect(folder.names == names)
    #expect(try read.map { try folder.bytes($0) } == contents)
  }

  @Test("a shard is not replaced by the whole model")
  func shards() throws {
    let folder = try TemporaryFolder()
    let names = try FileSystem.names(in: Fixtures.path("folders/sharded"))
    for name in names { try folder.copy("folders/sharded/\(name)", to: name) }
    let shard = try #require(names.first { $0.hasSuffix("-of-00003.safetensors") })
    let result = try Command.run("convert", folder.path, "-o", folder.path(shard), "--force")
    #expect(result.status == 64, "\(result.error)")
    #expect(try folder.bytes(shard) == Fixtures.bytes("folders/sharded/\(shard)").array)
  }

  @Test("a conversion may still replace its own input, and a signature an old one")
  func allowed() throws {
    let folder = try filledFolder()
    for line in [
      "convert a.pth -o a.pth --naming facebook", "quantize b.pth -o b.pth --to float16",
      "sign a.pth --key private.pem -o new.sig", "sign a.pth --key private.pem -o new.sig",
    ] {
      let result = try Command.shell("convnext \(line) --force", in: folder.path)
      #expect(result.status == 0, "\(line): \(result.error)")
    }
  }
}
