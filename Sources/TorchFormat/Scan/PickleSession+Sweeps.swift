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
      add(PickleSweeps(region, from: end, record: nil, onlyPlausible: true))
      if case .trailingBytes = error.reason, let offset = error.place.byteOffset {
        add(PickleSweeps(region, from: offset, record: nil, onlyPlausible: true))
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
    var globals = UseList<GlobalUse>()
    var calls = UseList<CallUse>()
    var globalPlaces: Set<UsePlace> = []
    var callPlaces: Set<UsePlace> = []
    for member in members {
      let pickles = PickleSweeps(member.bytes, record: member.name, onlyPlausible: true)
      globals.add(
        pickles.globals.lazy.filter { use in
          guard let start = member.offset else { return true }
          return globalPlaces.insert(UsePlace(use, at: start + use.byteOffset, in: nil)).inserted
        }
      ) { $0 }
      calls.add(
        pickles.calls.lazy.filter { call in
          guard let start = member.offset else { return true }
          let place = UsePlace(call.global, at: start + call.byteOffset, in: nil)
          return callPlaces.insert(place).inserted
        }, \.global)
      budget -= member.cost + pickles.cost
      if budget < 0 { break }
    }
    add(globals.uses, calls.uses)
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
