import ByteIO

extension Verification {
  /// The SHA-256 that a cache names a file by: `blobs/DIGEST`, where links such as Hugging Face's
  /// `snapshots/REVISION/NAME` lead. `nil` where the file is called otherwise; files that git
  /// stores itself are called by a digest of another kind, which is shorter.
  ///
  /// The name is the file's ETag, which is the SHA-256 of what git LFS stores (`huggingface_hub`,
  /// `file_download.py`).
  static func digestPromised(byBlobOf path: String) -> SHA256Digest? {
    guard let file = FileSystem.resolved(path),
      FileSystem.name(of: FileSystem.folder(of: file)) == "blobs"
    else { return nil }
    return SHA256Digest(hex: FileSystem.name(of: file))
  }

  /// Holds files against what a cache calls them; `nil` where it calls none of them so. Reads those
  /// that it does.
  static func blobCheck(of files: [Checkpoint.File]) throws -> Check? {
    let promised = files.compactMap { file in
      digestPromised(byBlobOf: file.path).map { (file: file, digest: $0) }
    }
    guard !promised.isEmpty else { return nil }
    let found = try concurrentMap(byteCounts: promised.map(\.file.region.byteCount)) {
      SHA256Digest(of: promised[$0].file.region)
    }
    let problems = zip(promised, found).filter { $0.digest != $1 }.map { blob, digest in
      let error = VerificationError.checksumMismatch(
        expected: blob.digest.hex, found: digest.hex, source: "by its name in the cache")
      return Problem(files.count > 1 ? FileError(error, path: blob.file.path) : error)
    }
    let count = promised.count
    return Check(
      subject: files.count > 1
        ? "SHA-256 in the cache's names of \(counted(count, "file"))"
        : "SHA-256 in the cache's name of the file",
      problems: problems)
  }
}
