import ByteIO

extension Verification {
  /// The SHA-256 by which a cache names a file: `blobs/DIGEST`, the target of links such as Hugging
  /// Face's `snapshots/REVISION/NAME`. `nil` if the file has another name; files that git itself
  /// stores are named by another, shorter kind of digest.
  ///
  /// The name is the file's ETag, which is the SHA-256 of what git LFS stores (`huggingface_hub`,
  /// `file_download.py`).
  static func digestPromised(byBlobOf path: String) -> SHA256Digest? {
    guard let file = FileSystem.resolved(path),
      FileSystem.name(of: FileSystem.folder(of: file)) == "blobs"
    else { return nil }
    return SHA256Digest(hex: FileSystem.name(of: file))
  }

  /// Compares files with the digests that a cache names them by; reads only files with such names.
  /// `nil` if there are none.
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
