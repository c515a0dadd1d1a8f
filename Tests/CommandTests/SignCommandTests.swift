import ByteIO
import TestSupport
import Testing

@Suite("sign")
struct SignCommandTests {
  private let folder: TemporaryFolder
  private let file: String
  private let key: String

  init() throws {
    folder = try TemporaryFolder()
    file = try folder.copy("names/timm.pth", to: "a.pth")
    key = try folder.write(TestKeys.privateKey.utf8, to: "private.pem")
    try folder.write(TestKeys.publicKey.utf8, to: "public.pem")
    try folder.write(TestKeys.otherPublicKey.utf8, to: "other.pem")
  }

  private func verify(_ key: String = "public.pem", _ more: String...) throws -> CommandResult {
    try Command.run(["verify", file, "--public-key", folder.path(key)] + more)
  }

  @Test("a signed file is verified, by the right key only")
  func signs() throws {
    let signed = try Command.run("sign", file, "--key", key)
    #expect(signed.status == 0)
    #expect(signed.output == "wrote \(file).sig\n")
    #expect(try folder.bytes("a.pth.sig").count == 64)
    let right = try verify()
    #expect(right.status == 0)
    #expect(right.output.hasSuffix("  signature: ok\n"))
    let wrong = try verify("other.pem")
    #expect(wrong.status == 1)
    #expect(wrong.output.contains("is not of this file by this key"))
  }

  @Test("a missing signature, and one elsewhere")
  func places() throws {
    let missing = try verify()
    #expect(missing.status == 1)
    #expect(missing.output.contains("there is no signature"))
    let other = folder.path("elsewhere")
    #expect(try Command.run("sign", file, "--key", key, "-o", other, "--quiet").status == 0)
    #expect(try verify("public.pem", "--signature", other).status == 0)
  }

  @Test("an existing signature is only replaced with --force")
  func force() throws {
    try folder.write([1], to: "a.pth.sig")
    #expect(try Command.run("sign", file, "--key", key).status == 73)
    #expect(try folder.bytes("a.pth.sig") == [1])
    #expect(try Command.run("sign", file, "--key", key, "--force").status == 0)
    #expect(try verify().status == 0)
  }

  @Test("a key that cannot be used is named")
  func keys() throws {
    let result = try Command.run("sign", file, "--key", folder.path("public.pem"))
    #expect(result.status == 65)
    #expect(result.error.contains("public.pem: expected a key in PEM"))
    #expect(try Command.run("sign", file, "--key", folder.path("nothing")).status == 66)
    #expect(try Command.run("verify", file, "--public-key", key).status == 65)
    #expect(try Command.run("verify", file, "--signature", key).status == 64)
    #expect(!folder.names.contains("a.pth.sig"))
  }

  @Test("a damaged file is not signed, and nothing is left")
  func damaged() throws {
    let broken = try folder.copy("broken/zip-data-changed.pth", to: "b.pth")
    let result = try Command.run("sign", broken, "--key", key)
    #expect(result.status == 65)
    #expect(result.error.contains("not intact"))
    #expect(!folder.names.contains { $0.hasSuffix(".sig") || $0.hasSuffix(".partial") })
  }

  @Test("JSON")
  func json() throws {
    let json = try Command.run("sign", file, "--key", key, "--json").json()
    #expect(json["schema"]?.stringValue == "convnext.sign/1")
    #expect(json["signature"]?.stringValue == "\(file).sig")
    let verified = try verify("public.pem", "--json").json()
    #expect(verified["intact"]?.boolValue == true)
  }
}
