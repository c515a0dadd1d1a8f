import ByteIO

extension PickleSession {
  /// The most bytes that are looked at, some repeatedly where members overlap: a multiple of the
  /// file's bytes, but for any file at least so many.
  private static let sweepRatio = 16
  private static let sweepFloorByteCount = 4 << 20

  /// Lists what the rest of a file asks for, after the file was refused. Other programs may read
  /// on: consecutive pickles, and members of archives whatever their directory says.
  mutating func sweepRest(of region: ByteRegion, behind error: TorchError) {
    if error.place.record == nil {
      addNew(PickleSweeps(region, from: end, record: nil, onlyPlausible: true).uses)
      if case .trailingBytes = error.reason, let offset = error.place.byteOffset {
        addNew(PickleSweeps(region, from: offset, record: nil, onlyPlausible: true).uses)
      }
    }
    if let archive {
      let limits = options.limits
      let (budget, overflows) = archive.inflationBudget(limits: limits)
        .addingReportingOverflow(region.byteCount)
      sweep(
        archive.entries.lazy.compactMap { entry in
          archive.start(of: entry, limits: limits).map {
            StrayMembers.Member(
              name: entry.name, bytes: $0.bytes, offset: nil, cost: $0.bytes.byteCount)
          }
        }, budget: overflows ? .max : budget)
    } else {
      let budget = Limits.budget(
        ratio: Self.sweepRatio, byteCount: region.byteCount, floor: Self.sweepFloorByteCount)
      sweep(StrayMembers(region, limits: options.limits), budget: budget)
      sweep(TarMembers(region), budget: budget)
    }
  }

  /// Lists what the members of an archive ask for, which may overlap: each place of the file is
  /// listed once, under the first member that it is found in.
  ///
  /// - Parameter budget: How many bytes may be looked at.
  private mutating func sweep(_ members: some Sequence<StrayMembers.Member>, budget: Int) {
    var budget = budget
    var uses = PickleUses()
    var globalPlaces: Set<UsePlace> = []
    var callPlaces: Set<UsePlace> = []
    for member in members {
      let pickles = PickleSweeps(member.bytes, record: member.name, onlyPlausible: true)
      uses.add(
        pickles.globals.lazy.filter { Self.isNew($0, in: member, &globalPlaces) },
        pickles.calls.lazy.filter { Self.isNew($0, in: member, &callPlaces) })
      budget -= member.cost + pickles.cost
      if budget < 0 { break }
    }
    addNew(uses)
  }

  /// Whether a place of the file was not met in another member.
  private static func isNew(
    _ use: some PlacedUse, in member: StrayMembers.Member, _ places: inout Set<UsePlace>
  ) -> Bool {
    guard let start = member.offset else { return true }
    return places.insert(UsePlace(use, inRecordAt: start)).inserted
  }
}

extension PickleSession {
  /// Throws where a pickle that is tolerated although it cannot be read asks for a global that the
  /// policy does not allow.
  func refuseGlobals(
    in region: ByteRegion, record: String
  ) throws(TorchError) {
    let sweeps = PickleSweeps(region, record: record)
    if let use = sweeps.globals.first(where: { !policy.allows($0.verdict) }) {
      throw TorchError(.globalRefused(use), record: record, offset: use.byteOffset)
    }
  }
}
