import ByteIO
import Convert

/// What a conversion wrote, or would write: the last lines of a command's text.
struct WrittenFiles {
  /// The paths, the weights first; empty if a dry run names none.
  let paths: [String]
  /// The size of the file with the weights.
  let byteCount: Int
  private let container: OutputContainer
  /// Whether they were written.
  let areWritten: Bool
  /// The content digest, if it was computed along the way.
  let contentDigest: SHA256Digest?

  /// - Parameters:
  ///   - output: The path that was named; `nil` for a dry run without one.
  ///   - result: What was written, or will appear next; `nil` for a dry run.
  ///
  /// Throws if the container cannot hold one of the tensors.
  init(_ plan: ConversionPlan, output: String?, result: ConversionResult?) throws {
    paths = result?.paths ?? output.map(plan.paths) ?? []
    byteCount = try result?.byteCount ?? plan.byteCount(at: output ?? "")
    container = plan.request.container
    areWritten = result != nil
    contentDigest = result?.contentDigest
  }

  /// The paths, the size and the content digest.
  var lines: [String] {
    guard areWritten else {
      return [
        "would write \(paths.first.map { escaped($0) } ?? "a .\(container.extensions[0]) file")  "
          + "\(readableByteCount(byteCount)) (\(byteCount) bytes); nothing was written"
      ] + paths.dropFirst().map { "  and \(escaped($0))" }
    }
    return paths.enumerated().map { index, path in
      "wrote \(escaped(path))" + (index == 0 ? "  \(readableByteCount(byteCount))" : "")
    } + (contentDigest.map { ["content digest \($0.hex)"] } ?? [])
  }
}
