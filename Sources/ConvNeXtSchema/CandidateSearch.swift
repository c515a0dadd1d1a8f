import TensorModel

/// Finds the places where ConvNeXt weights stand, under any wrapper and prefix.
///
/// The sign is the depthwise convolution: in every naming its name is unmistakable, and its shape
/// is `[C, 1, k, k]`. What stands before it in the name is wrapper and prefix.
struct CandidateSearch {
  private struct Place: Hashable {
    let table: Int
    let path: [UInt8]
    let wrapper: String
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
    // The channels of each depthwise convolution, in the file's order.
    var blockWidths: [Place: [Int]] = [:]
    var order: [Place] = []
    for input in inputs where Self.isDepthwise(input.info.shape) {
      let name = DottedName(input.info.name.utf8)
      for anchor in anchors where anchor.pattern.componentCount <= name.componentCount {
        let start = name.componentCount - anchor.pattern.componentCount
        guard anchor.pattern.match(name, from: start) != nil else { continue }
        let place = Place(
          table: anchor.table, path: Array(name.path(before: start)), wrapper: input.wrapper)
        if blockWidths[place] == nil { order.append(place) }
        blockWidths[place, default: []].append(input.info.shape[0])
        break
      }
    }
    var found = order.map { place in
      (
        candidate: candidate(place, blockWidths[place]?.count ?? 0),
        table: NameTable.all[place.table]
      )
    }
    let own = found.filter { $0.candidate.naming == .openmmlab }.compactMap(\.candidate.wrapper)
    if own.contains("state_dict"), own.contains("ema_state_dict") {
      for index in found.indices
      where ["state_dict", "ema_state_dict"].contains(found[index].candidate.wrapper) {
        found[index].candidate.hasSwappedAverages = true
      }
    }
    let widths = order.map { blockWidths[$0]?.sorted() }
    for index in found.indices
    where found[index].candidate.preference.word == Candidate.Preference.teacher {
      found[index].candidate.isOtherTeacher = !widths.indices.contains {
        $0 != index && widths[$0] == widths[index]
      }
    }
    return found.enumerated().sorted { left, right in
      let (a, b) = (left.element.candidate, right.element.candidate)
      return (a.preference.rank, -a.blockCount, left.offset)
        < (b.preference.rank, -b.blockCount, right.offset)
    }.map(\.element)
  }

  private static func isDepthwise(_ shape: [Int]) -> Bool {
    shape.count == 4 && shape[1] == 1 && shape[2] == shape[3] && shape[2] > 1
  }

  private func candidate(_ place: Place, _ blockCount: Int) -> Candidate {
    let table = NameTable.all[place.table]
    let wrapper = place.wrapper.isEmpty ? nil : place.wrapper
    let wrapperByteCount = wrapper.map { $0.utf8.count + 1 } ?? 0
    var prefix = String(decoding: place.path.dropFirst(wrapperByteCount), as: UTF8.self)
    let unwrapped = DottedName.withoutLastWrappers(prefix)
    let bodyPrefix = table.bodyPrefixes.first { unwrapped.hasSuffix($0) } ?? ""
    if !bodyPrefix.isEmpty { prefix = String(unwrapped.dropLast(bodyPrefix.count)) }
    let path = place.path.prefix(wrapperByteCount + prefix.utf8.count)
    let tensors = inputs.filter {
      $0.wrapper == place.wrapper && $0.info.name.utf8.starts(with: path)
    }
    let byteCount = tensors.reduce(0) { sum, input in
      let count = elementCount(of: input.info.shape) ?? 0
      return sum &+ (input.info.elementType.byteCount(elementCount: count) ?? 0)
    }
    return Candidate(
      naming: table.naming, title: table.title, wrapper: wrapper, prefix: prefix,
      bodyPrefix: bodyPrefix, blockCount: blockCount, tensorCount: tensors.count,
      byteCount: byteCount)
  }
}
