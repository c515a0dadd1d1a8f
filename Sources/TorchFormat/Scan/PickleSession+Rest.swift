import ByteIO

extension PickleSession {
  /// How many bytes are looked at again and again where members lie in each other, as a multiple of
  /// the file's bytes, and for any file.
  private static let sweepRatio = 64
  private static let sweepFloorByteCount = 4 << 20

  /// Lists what the rest of a file asks for, once the file was refused. Other programs may read on:
  /// pickles one behind the other, and members of archives whatever their directory says.
  mutating func sweepRest(of region: ByteRegion, behind error: TorchError) {
    if error.place.record == nil {
      add(PickleSweeps(region, from: end, record: nil, onlyPlausible: true).sweeps)
      if case .trailingBytes = error.reason, let offset = error.place.byteOffset {
        add(PickleSweeps(region, from: offset, record: nil, onlyPlausible: true).sweeps)
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

  /// Lists what the members of an archive ask for, which may lie in each other: each place of the
  /// file is listed once, under the first member that it is found in.
  ///
  /// - Parameter budget: How many bytes may be looked at.
  private mutating func sweep(_ members: some Sequence<StrayMembers.Member>, budget: Int) {
    var budget = budget
    var found: [PickleSweep] = []
    var globalPlaces: Set<UsePlace> = []
    var callPlaces: Set<UsePlace> = []
    for member in members {
      var pickles = PickleSweeps(member.bytes, record: member.name, onlyPlausible: true)
      if let start = member.offset {
        for index in pickles.sweeps.indices {
          pickles.sweeps[index].keep(
            globals: { use in
              globalPlaces.insert(UsePlace(use, at: start + use.byteOffset, in: nil)).inserted
            },
            calls: { call in
              callPlaces.insert(UsePlace(call.global, at: start + call.byteOffset, in: nil))
                .inserted
            })
        }
      }
      let isFull = found.count >= NotedUses.limit
      found += pickles.sweeps.filter { isFull ? $0.asksForUnknown : !$0.isEmpty }
      budget -= member.cost + pickles.cost
      if budget < 0 { break }
    }
    add(found)
  }
}

extension PickleSession {
  /// Throws where a pickle that is passed over, although it cannot be read, asks for a global that
  /// the policy does not allow.
  func refuseGlobals(
    in region: ByteRegion, record: String
  ) throws(TorchError) {
    let sweeps = PickleSweeps(region, record: record).sweeps
    if let use = sweeps.lazy.flatMap(\.globals).first(where: { !policy.allows($0.verdict) }) {
      throw TorchError(.globalRefused(use), record: record, offset: use.byteOffset)
    }
  }
}
