public import ByteIO

/// The memory behind one or more tensors, fetched when it is asked for.
public protocol TensorStorage: AnyObject, Sendable {
  /// The number of bytes.
  var byteCount: Int { get }
  /// The bytes. Costs nothing where they lie uncompressed in a mapped file.
  func bytes() throws -> ByteRegion
}

/// Storage that lies as it is in a region.
public final class RegionStorage: TensorStorage {
  private let region: ByteRegion
  /// The number of bytes.
  public var byteCount: Int { region.byteCount }

  /// Takes a region.
  public init(_ region: ByteRegion) { self.region = region }

  /// The region.
  public func bytes() -> ByteRegion { region }
}
