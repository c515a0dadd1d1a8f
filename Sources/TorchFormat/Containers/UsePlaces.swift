import ByteIO

/// What is asked for, or called, and where: an archive may have two members with the same name.
struct UsePlace: Hashable {
  private let name: GlobalName
  private let record: ByteText?
  private let byteOffset: Int

  init(_ global: GlobalUse, at byteOffset: Int, in record: String?) {
    name = global.globalName
    self.record = record.map(ByteText.init)
    self.byteOffset = byteOffset
  }
}

/// The places of a growing list of uses. Each use is visited only once: a file may have thousands
/// of pickles that are swept one after the other.
struct UsePlaces {
  private var places: Set<UsePlace> = []
  private var count = 0

  /// Adds those uses of the list that were not in it the last time.
  mutating func add<Use>(_ uses: [Use], _ place: (Use) -> UsePlace) {
    for use in uses[count...] { places.insert(place(use)) }
    count = uses.count
  }

  func contains(_ place: UsePlace) -> Bool { places.contains(place) }
}
