/// The result of reading a pickle.
struct Pickle {
  let root: PickleValue
  /// The storages in the order in which they are first referred to.
  let storages: [PickleStorage]
  let protocolVersion: Int
  /// The byte after STOP, from the start of the record or file.
  let end: Int
  /// The values live for as long as this does.
  let arena: PickleArena
}
