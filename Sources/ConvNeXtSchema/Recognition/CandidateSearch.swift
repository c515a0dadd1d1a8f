import ByteIO
import TensorModel

/// Finds the places of ConvNeXt weights, under any wrapper and prefix.
///
/// The sign is the depthwise convolution: in every naming its name is unmistakable, and its shape
/// is `[C, 1, k, k]`. What precedes it in the name is wrapper and prefix.
struct CandidateSearch {
  private struct Place: Hashable {
    let table: Int
    let path: [UInt8]
    /// Compared as names are: `String` merges dictionaries that a file distinguishes.
    let wrapper: ByteText
  }

  private struct Anchor {
    let table: Int
    let pattern: NamePattern
  }

  private let inputs: [SchemaInput]
  private let anchors: [Anchor]

  init(_ inputs: [SchemaInput]) {
    self.inputs = inputs
    anchors = NameTable.all.enumerated().compactMap { index, table in
      table.depthwise.map { Anchor(table: index, pattern: $0) }
    }
  }

  /// All places, the preferred one first; each with its table.
  func candidates() -> [(candidate: Candidate, table: NameTable)] {
    let places = places()
    let totals = totals(at: places.map(\.place))
    var found = places.map { entry in
      (
        candidate: candidate(entry.place, entry.widths.count, totals),
        table: NameTable.all[entry.place.table]
      )
    }
    let own = found.filter { $0.candidate.naming == .openmmlab }.compactMap(\.candidate.wrapper)
    if own.contains("state_dict"), own.contains("ema_state_dict") {
      for index in found.indices
      where ["state_dict", "ema_state_dict"].contains(found[index].candidate.wrapper) {
        found[index].candidate.hasSwappedAverages = true
      }
    }
    let kinds = places.map { entry in
      let total = Self.total(at: entry.place, totals)
      return entry.widths.sorted() + [total.tensorCount, total.elementCount]
    }
    let placesByKind = Dictionary(grouping: kinds.indices) { kinds[$0] }
    for index in found.indices
    where found[index].candidate.preference.word == Candidate.Preference.teacher {
      found[index].candidate.isOtherTeacher = placesByKind[kinds[index]]?.count == 1
    }
    // Computed once for each, not for each comparison.
    let ranks = found.map(\.candidate.preference.rank)
    return found.indices.sorted { left, right in
      (ranks[left], -found[left].candidate.blockCount, left)
        < (ranks[right], -found[right].candidate.blockCount, right)
    }.map { found[$0] }
  }

  /// The places in the file's order, with the channels of each depthwise convolution.
  private func places() -> [(place: Place, widths: [Int])] {
    var found: [(place: Place, widths: [Int])] = []
    var indices: [Place: Int] = [:]
    for input in inputs {
      let shape = withoutLeadingUnits(input.info.shape, rank: 4)
      guard Self.isDepthwise(shape) else { continue }
      let name = DottedName(input.info.name.utf8)
      for anchor in anchors where anchor.pattern.componentCount <= name.componentCount {
        let start = name.componentCount - anchor.pattern.componentCount
        guard anchor.pattern.match(name, from: start) != nil else { continue }
        let path = name.path(before: start)
        guard path.count <= Self.pathByteCountLimit else { break }
        let place = Place(
          table: anchor.table, path: Array(path), wrapper: ByteText(input.wrapper))
        let index = indices[place] ?? found.count
        if index == found.count {
          indices[place] = index
          found.append((place, []))
        }
        found[index].widths.append(shape[0])
        break
      }
    }
    return found
  }

  /// The longest path in front of a model's names. Each name of the model includes it, even the
  /// thousands that one depthwise convolution can make appear to be missing.
  static let pathByteCountLimit = 4096

  /// Whether a shape is that of a depthwise convolution's weight.
  static func isDepthwise(_ shape: [Int]) -> Bool {
    shape.count == 4 && shape[1] == 1 && shape[2] == shape[3] && shape[2] >= 1
  }

  /// What is at places, by wrapper and path without the body's prefix.
  private func totals(at places: [Place]) -> [ByteText: [[UInt8]: PathTotals.Total]] {
    var totals = Dictionary(grouping: places, by: \.wrapper).mapValues { places in
      PathTotals(places.map { Self.parts(of: $0).path })
    }
    for input in inputs {
      let count = elementCount(of: input.info.shape) ?? 0
      totals[ByteText(input.wrapper)]?.add(
        input.info.name, elementCount: count,
        byteCount: input.info.elementType.byteCount(elementCount: count) ?? 0)
    }
    return totals.mapValues(\.totals)
  }

  /// What precedes the publisher's names at a place: the path of all of them, and the prefixes that
  /// it consists of.
  private static func parts(
    of place: Place
  ) -> (path: [UInt8], prefix: String, bodyPrefix: String) {
    let wrapper = place.wrapper.string.utf8
    let wrapperByteCount = wrapper.isEmpty ? 0 : wrapper.count + 1
    var prefix = String(decoding: place.path.dropFirst(wrapperByteCount), as: UTF8.self)
    let unwrapped = DottedName.withoutLastWrappers(prefix)
    let bodyPrefix =
      NameTable.all[place.table].bodyPrefixes.first { DottedName.path(unwrapped, endsWith: $0) }
      ?? ""
    if !bodyPrefix.isEmpty { prefix = String(unwrapped.dropLast(bodyPrefix.count)) }
    return (
      Array(place.path.prefix(wrapperByteCount + prefix.utf8.count)), prefix, bodyPrefix
    )
  }

  private static func total(
    at place: Place, _ totals: [ByteText: [[UInt8]: PathTotals.Total]]
  ) -> PathTotals.Total {
    totals[place.wrapper]?[parts(of: place).path] ?? PathTotals.Total()
  }

  private func candidate(
    _ place: Place, _ blockCount: Int, _ totals: [ByteText: [[UInt8]: PathTotals.Total]]
  ) -> Candidate {
    let table = NameTable.all[place.table]
    let parts = Self.parts(of: place)
    let total = Self.total(at: place, totals)
    return Candidate(
      naming: table.naming, title: table.title,
      wrapper: place.wrapper.string.utf8.isEmpty ? nil : place.wrapper.string, prefix: parts.prefix,
      bodyPrefix: parts.bodyPrefix, blockCount: blockCount, tensorCount: total.tensorCount,
      byteCount: total.byteCount)
  }
}
