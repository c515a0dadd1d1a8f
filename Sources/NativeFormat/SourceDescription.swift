public import ByteIO

/// Where a file's weights came from.
public struct SourceDescription: Equatable, Sendable {
  /// The source file's name, without its folder.
  public var fileName: String
  /// The SHA-256 of the whole source file.
  public var sha256: SHA256Digest?
  /// The kind of file that it was: `pytorch-zip`, `safetensors`.
  public var container: String
  /// Whose naming its tensors followed.
  public var naming: String?
  /// The dictionary that held the weights; `nil` means the outermost one.
  public var wrapper: String?
  /// What preceded the publisher's names, such as `module.`.
  public var prefix: String
  /// The program that wrote the `.convnext` file, with its version.
  public var tool: String

  /// Creates a description from its parts.
  public init(
    fileName: String, sha256: SHA256Digest?, container: String, naming: String?, wrapper: String?,
    prefix: String, tool: String
  ) {
    self.fileName = fileName
    self.sha256 = sha256
    self.container = container
    self.naming = naming
    self.wrapper = wrapper
    self.prefix = prefix
    self.tool = tool
  }
}
