import ByteIO

/// What the file system of the temporary folder takes as names.
public enum FileNames {
  /// Whether names may be any bytes, as on Linux; macOS takes valid UTF-8 only.
  public static let mayBeAnyBytes: Bool = {
    guard let folder = try? TemporaryFolder() else { return false }
    let path = folder.path + "/" + PathText.text(of: [0xFE])
    guard let output = try? OutputFile(path: path, replacingExisting: false) else { return false }
    return (try? output.commit()) != nil
  }()
}
