public import ByteIO
public import TorchFormat

/// What a file asks for when it is read, whether or not it can be read; nothing is executed.
public struct PickleScan: Sendable {
  /// The path of the file.
  public let path: String
  /// Every global that its pickles ask for, in the file's order; empty for files without pickles.
  public let globals: [GlobalUse]
  /// Every call that its pickles would make, in the file's order.
  public let calls: [CallUse]
  /// Whether the file has the code of a compiled model, which PyTorch runs when it loads the file.
  /// Nothing here reads it; a conversion uses only the tensors.
  public let hasProgram: Bool
  /// Why the file cannot be read to its end, apart from the globals that it asks for.
  public let failure: (any CheckpointError)?

  /// Whether a conversion would read the file: nothing unknown or dangerous, nothing broken. A program
  /// may still be in it, which only PyTorch would run: `hasProgram`.
  public var isClean: Bool {
    failure == nil && globals.allSatisfy(\.verdict.isHarmless)
  }

  /// Scans a single file; of an index, only what makes its checkpoint unreadable, and no globals.
  ///
  /// Throws `SystemError` if it cannot be read.
  public init(path: String, options: Checkpoint.Options = .init()) throws {
    try self.init(FileMapping(path: path).region, path: path, options: options) {
      try Checkpoint(path: path, region: $0, options: options)
    }
  }

  /// Scans a file whose bytes are in memory, or mapped by the caller. No other file is opened: an index
  /// of shards is one that cannot be read.
  ///
  /// Throws nothing because of what the bytes are: that is `failure`.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What to call it, as a path.
  public init(bytes: ByteRegion, name: String, options: Checkpoint.Options = .init()) throws {
    try self.init(bytes, path: name, options: options) {
      try Checkpoint(bytes: $0, name: name, options: options)
    }
  }

  private init(
    _ region: ByteRegion, path: String, options: Checkpoint.Options,
    open: (ByteRegion) throws -> Checkpoint
  ) throws {
    self.path = path
    let signature = FileSignature(of: region)
    // A truncated pickle of an old protocol begins and ends like nothing in particular, and what
    // begins like another kind of file may be an archive that PyTorch reads.
    let isOfTensors = signature == .safetensors || signature == .native
    let archive = signature.mayHidePickles ? nil : HiddenArchive(region)
    let scan =
      signature.mayHidePickles || archive != nil
      ? TorchScan(region, options: TorchReadingOptions(limits: options.limits)) : nil
    let hidden = isOfTensors ? HiddenPickle(region) : nil
    hasProgram = scan?.hasProgram ?? false
    globals = (hidden?.globals ?? []) + (scan?.globals ?? [])
    calls = (hidden?.calls ?? []) + (scan?.calls ?? [])
    // What is known to be the reason for refusing a file is not looked for again.
    failure =
      if signature == .torch {
        scan?.failure
          ?? ForeignFile.offsetOfHiddenHDF5(in: region).map(InputError.hiddenHDF5(byteOffset:))
      } else if signature == .safetensors, let hidden {
        archive?.error ?? hidden.error
      } else {
        try Self.failure { try open(region) }
      }
  }

  /// A file that cannot be read and holds no pickle.
  private init(path: String, failure: any CheckpointError) {
    self.path = path
    self.failure = failure
    globals = []
    calls = []
    hasProgram = false
  }

  /// Scans what a path names: a file; an index and each of its shards; or the weights in a folder,
  /// which may also be an index, followed by every other file in it and its subfolders that
  /// programs load. A configuration that cannot be read is listed last.
  ///
  /// Throws `SystemError` if a file cannot be read, `InputError` for a folder without any, and what
  /// `onUnreadable` throws.
  ///
  /// - Parameter onUnreadable: Called for each file and folder within a folder that cannot be read;
  ///   if it does not throw, the others are still scanned.
  public static func scans(
    ofPath path: String, options: Checkpoint.Options = .init(),
    onUnreadable: (any CheckpointError) throws -> Void = { throw $0 }
  ) throws -> [PickleScan] {
    guard FileSystem.kind(of: path) == .folder else {
      return try withShards(path, options).map { try PickleScan(path: $0, options: options) }
    }
    var paths: [String] = []
    var refusal: InputError?
    var configurationFailure: PickleScan?
    do {
      paths = try withShards(ModelFolder.weightsPath(in: path, config: nil), options)
      configurationFailure = try failureOfConfiguration(in: path, options)
    } catch let error as InputError {
      switch error {
      // There is no model, but the files in the folder are scanned.
      case .noCheckpointInFolder, .distributedCheckpoint: refusal = error
      default: throw error
      }
    }
    let others = LoadableFiles(in: path, beside: paths)
    paths += others.paths
    if let refusal, paths.isEmpty, others.refusals.isEmpty, others.unreadable.isEmpty {
      throw refusal
    }
    for error in others.unreadable { try onUnreadable(error) }
    var scans: [PickleScan] = []
    for path in paths {
      do {
        scans.append(try PickleScan(path: path, options: options))
      } catch let error as SystemError {
        try onUnreadable(error)
      }
    }
    return scans + others.refusals.map { PickleScan(path: $0.path, failure: $0.error) }
      + [configurationFailure].compactMap(\.self)
  }

  /// Why a conversion would not read a folder even if its weights are sound; `nil` if it would.
  private static func failureOfConfiguration(
    in folder: String, _ options: Checkpoint.Options
  ) throws -> PickleScan? {
    do {
      _ = try ModelFolder(path: folder, limits: options.limits)
      return nil
    } catch let error as any CheckpointError {
      return PickleScan(path: folder, failure: error)
    }
  }

  private static func withShards(
    _ path: String, _ options: Checkpoint.Options
  ) throws -> [String] {
    [path] + (try Checkpoint.shardPaths(ofIndex: path, options: options) ?? [])
  }

  private static func failure(
    ofOpening open: () throws -> Checkpoint
  ) throws -> (any CheckpointError)? {
    do {
      _ = try open()
      return nil
    } catch let error as any CheckpointError where !(error is SystemError) {
      return error
    }
  }
}

extension FileSignature {
  /// Whether a program that reads pickles or archives may find some in such a file.
  fileprivate var mayHidePickles: Bool {
    switch self {
    case .torch, .foreign, .unknown: true
    case .native, .safetensors, .json, .empty: false
    }
  }
}
