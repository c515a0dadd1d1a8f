public import ByteIO

/// What a file's pickles ask for, whether or not the file can be read.
///
/// Nothing is looked up or called; unlike `TorchFile`, the scan goes on after anything that is
/// refused, whether a global, an opcode or the archive itself, so that everything that is asked for
/// is listed.
public struct TorchScan: Sendable {
  /// The globals that were asked for, in the file's order: every use, or, beyond 100,000, at least
  /// one of each global.
  public let globals: [GlobalUse]
  /// The calls that the pickles would make, in the file's order, likewise.
  public let calls: [CallUse]
  /// Whether the archive has code that PyTorch runs: that of a compiled model (TorchScript), as
  /// text or, for mobile devices, as bytecode; or Python code of `torch.package`. It is not
  /// examined.
  public let hasProgram: Bool
  /// Why the file cannot be read to its end, apart from the globals that it asks for.
  public let failure: TorchError?

  private static let pythonExtension = ".py"

  /// Scans a file.
  public init(_ region: ByteRegion, options: TorchReadingOptions = TorchReadingOptions()) {
    var session = PickleSession(
      options: options, policy: .observing, fileByteCount: region.byteCount)
    do {
      _ = try TorchContents(region, &session)
      failure = nil
    } catch {
      failure = error
      session.sweepRest(of: region, behind: error)
    }
    hasProgram =
      session.archive.map { archive in
        let (code, bytecode) = (archive.name(of: "code/"), archive.name(of: "bytecode.pkl"))
        return archive.entries.contains {
          $0.name.utf8.starts(with: code.utf8) || $0.name.hasBytes(of: bytecode)
            || $0.name.utf8.suffix(Self.pythonExtension.utf8.count)
              .elementsEqual(Self.pythonExtension.utf8)
        }
      } ?? false
    globals = session.globals
    calls = session.calls
  }
}
