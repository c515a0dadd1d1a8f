public import ByteIO
public import TorchFormat

/// What a file asks for when it is read, whether or not it can be read; nothing is executed.
public struct PickleScan: Sendable {
  /// The path of the file.
  public let path: String
  /// Every global that its pickles ask for, in the file's order; none for files without pickles.
  public let globals: [GlobalUse]
  /// Every call that its pickles would make, in the file's order.
  public let calls: [CallUse]
  /// Why the file cannot be read to its end, apart from the globals that it asks for.
  public let failure: (any CheckpointError)?

  /// Whether a conversion would read the file: nothing unknown or dangerous, nothing broken.
  public var isClean: Bool {
    failure == nil && globals.allSatisfy { $0.verdict == .data || $0.verdict == .inert }
  }

  /// Scans a file.
  ///
  /// Throws `SystemError` where it cannot be read.
  public init(path: String, options: Checkpoint.Options = .init()) throws {
    self.path = path
    let region = try FileMapping(path: path).region
    let signature = FileSignature(of: region)
    let torchOptions = TorchReadingOptions(limits: options.limits)
    guard signature == .torch else {
      // A pickle of an old protocol that is cut off begins and ends like nothing in particular.
      let scan = signature == .unknown ? TorchScan(region, options: torchOptions) : nil
      globals = scan?.globals ?? []
      calls = scan?.calls ?? []
      do {
        _ = try Checkpoint(path: path, options: options)
        failure = nil
      } catch let error as any CheckpointError where !(error is SystemError) {
        failure = error
      }
      return
    }
    let scan = TorchScan(region, options: torchOptions)
    globals = scan.globals
    calls = scan.calls
    failure = scan.failure
  }
}
