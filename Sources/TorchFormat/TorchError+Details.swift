extension TorchError {
  /// What a zip directory's numbers disagree about.
  public enum ZipDirectoryProblem: String, Sendable {
    /// The directory does not end where the end record begins.
    case end
    /// The number of members.
    case count
    /// The directory's length.
    case byteCount
    /// The disk that something is on, in an archive on a single disk.
    case diskNumber
    /// The directory's position.
    case offset
    /// The zip64 end record's position.
    case zip64Position
  }

  /// The headers of a zip archive.
  public enum ZipHeader: String, Sendable {
    case central, local, descriptor, zip64End
  }

  /// Why a zip member's name is refused.
  public enum ZipNameProblem: Equatable, Sendable {
    case empty, notUTF8, controlCharacter, backslash, absolute, dotComponent, emptyComponent
    case symbolicLink
    /// It is marked as a folder, but its name is not that of one.
    case folderAttribute
    case tooLong(limit: Int)
    case noFolder
    case otherFolder(expected: String)
    /// A record that PyTorch finds regardless of case.
    case otherCase(expected: String)
  }

  /// What is wrong with a deflate stream.
  public enum DeflateProblem: Error, Equatable {
    /// The stream is damaged or cut off.
    case malformed
    /// Bytes follow the stream.
    case trailingBytes(count: Int)
    /// It gives more bytes than declared.
    case tooLong(declared: Int)
    /// It gives fewer bytes than declared.
    case tooShort(declared: Int, found: Int)
    /// The system has no memory to inflate with.
    case noMemory
  }

  /// The small pickles around the object in a file from before 1.6.
  public enum LegacyPart: String, Sendable {
    case systemInfo, keys
  }
}
