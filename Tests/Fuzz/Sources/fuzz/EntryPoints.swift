import ByteIO
import Foundation

/// The target that `CONVNEXT_FUZZ_TARGET` names.
nonisolated(unsafe) private var chosen: FuzzTarget?

/// Called by libFuzzer once, before anything else.
///
/// With `CONVNEXT_FUZZ_SEEDS` set to a folder, writes the target's seeds there and ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ argumentCount: UnsafeMutablePointer<Int32>?, _ arguments: UnsafeMutableRawPointer?
) -> Int32 {
  let name = ProcessInfo.processInfo.environment["CONVNEXT_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
    FileHandle.standardError.write(Data("CONVNEXT_FUZZ_TARGET is one of: \(names)\n".utf8))
    exit(64)
  }
  chosen = target
  if let folder = ProcessInfo.processInfo.environment["CONVNEXT_FUZZ_SEEDS"] {
    do {
      try SeedCorpus(
        fixtures: ProcessInfo.processInfo.environment["CONVNEXT_FUZZ_FIXTURES"] ?? "fixtures"
      )
      .write(target, to: folder)
      // Without the search for leaks, which is for inputs.
      _exit(0)
    } catch {
      FileHandle.standardError.write(Data("the seeds cannot be written: \(error)\n".utf8))
      exit(74)
    }
  }
  return 0
}

/// Called by libFuzzer for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ byteCount: Int) -> Int32 {
  chosen?.run(Array(UnsafeBufferPointer(start: bytes, count: byteCount)))
  return 0
}
