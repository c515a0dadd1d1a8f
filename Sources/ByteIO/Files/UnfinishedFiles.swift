import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The temporary files that are being written, and folders made for them, in a form that a signal
/// handler may read: a fixed table of C strings, which are never freed.
package enum UnfinishedFiles {
  private static let slotCount = 16
  /// The strings' addresses, 0 for none. Atomic, because a handler may look while a thread changes
  /// them.
  nonisolated(unsafe) private static let slots = {
    let slots = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: slotCount)
    for slot in 0..<slotCount { (slots + slot).initialize(to: Atomic(0)) }
    return slots
  }()
  /// Strings that were in the table. A handler may be reading one that was just taken out, so they
  /// are kept; they are few, one per file that was written.
  private static let retired = Lock<[UInt]>([])

  /// Whether there is a handler. Without one nothing is noted: nothing would read the notes, and
  /// they are never freed.
  private static let isPrepared = Atomic<Bool>(false)

  /// Makes the table, which must exist before a signal handler runs.
  package static func prepare() {
    _ = slots
    isPrepared.store(true, ordering: .releasing)
  }

  /// Notes a file or folder; if the table is full, a signal does not remove it.
  static func add(_ path: String) {
    guard isPrepared.load(ordering: .acquiring) else { return }
    retired.withLock { _ in
      guard let slot = (0..<slotCount).first(where: { string(in: $0) == nil }) else { return }
      let copy = PathText.withBytes(path) { UInt(bitPattern: strdup($0)) }
      slots[slot].store(copy, ordering: .releasing)
    }
  }

  /// Forgets a file that was put in place or removed.
  static func remove(_ path: String) {
    guard isPrepared.load(ordering: .acquiring) else { return }
    retired.withLock { retired in
      PathText.withBytes(path) { path in
        for slot in 0..<slotCount {
          if let other = string(in: slot), strcmp(other, path) == 0 {
            slots[slot].store(0, ordering: .releasing)
            retired.append(UInt(bitPattern: other))
          }
        }
      }
    }
  }

  /// Removes all files in the table, and then those folders that are empty; calls nothing that a
  /// signal handler must not call.
  package static func removeAll() {
    for slot in 0..<slotCount {
      if let path = string(in: slot) { unlink(path) }
    }
    for slot in 0..<slotCount {
      if let path = string(in: slot) { rmdir(path) }
    }
  }

  private static func string(in slot: Int) -> UnsafePointer<CChar>? {
    UnsafePointer(bitPattern: slots[slot].load(ordering: .acquiring))
  }
}
