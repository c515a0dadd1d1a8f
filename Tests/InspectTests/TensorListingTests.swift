import Inspect
import TensorModel
import Testing

@Suite("Tensor listing")
struct TensorListingTests {
  private let tensors = [
    floatTensor("b", [1, 1]), floatTensor("a", [5, -5, 2]), floatTensor("c", []),
    floatTensor("d", [-9]),
  ]

  private func names(_ listing: TensorListing) -> [String] {
    listing.rows.map(\.tensor.name.string)
  }

  @Test("keeps the file's order and everything, if nothing else is said")
  func plain() throws {
    let listing = try TensorListing(tensors)
    #expect(names(listing) == ["b", "a", "c", "d"])
    #expect(listing.totalCount == 4)
    #expect(listing.rows.allSatisfy { $0.statistics == nil })
  }

  @Test(
    "orders",
    arguments: [
      (TensorListing.Order.name, ["a", "b", "c", "d"]), (.bytes, ["a", "b", "d", "c"]),
      (.elements, ["a", "b", "d", "c"]), (.min, ["d", "a", "b", "c"]),
      (.max, ["a", "b", "d", "c"]), (.mean, ["b", "a", "d", "c"]), (.std, ["a", "b", "d", "c"]),
    ])
  func orders(order: TensorListing.Order, expected: [String]) throws {
    let listing = try TensorListing(tensors, orderedBy: order)
    #expect(names(listing) == expected)
    #expect(listing.rows.contains { $0.statistics != nil } == order.needsStatistics)
    #expect(
      try names(TensorListing(tensors, orderedBy: order, top: 2)) == Array(expected.prefix(2)))
  }

  @Test("chooses by name and counts what there was")
  func glob() throws {
    let listing = try TensorListing(tensors, matching: NameGlob("?"), top: 3, hasStatistics: true)
    #expect(names(listing) == ["b", "a", "c"])
    #expect(listing.totalCount == 4)
    #expect(listing.rows.map { $0.statistics?.maximum } == [1, 5, nil])
    #expect(try names(TensorListing(tensors, matching: NameGlob("x*"))) == [])
  }
}
