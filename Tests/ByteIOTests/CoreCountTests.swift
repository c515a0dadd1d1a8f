import Testing

@testable import ByteIO

@Suite("CoreCount")
struct CoreCountTests {
  @Test("there is one at least")
  func available() {
    #expect(CoreCount.available >= 1)
  }

  @Test(
    "a process runs on the cores that it is bound to",
    arguments: [
      ("Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-3,8\nx:\t1\n", 5),
      ("Cpus_allowed_list:\t7\n", 1), ("Cpus_allowed_list:\t0-1\n", 2),
      ("Cpus_allowed_list:\t3-1\n", nil), ("Cpus_allowed_list:\t\n", nil), ("Name:\tx\n", nil),
      ("", nil), ("Cpus_allowed_list:\t0-99999999999999999999\n", 1),
      ("Cpus_allowed_list:\t0-9999999999\n", nil),
    ] as [(String, Int?)])
  func bound(_ status: String, _ count: Int?) {
    #expect(CoreCount.bound(status: status) == count)
  }

  @Test(
    "a container's share of the cores' time is rounded up",
    arguments: [
      ("200000 100000\n", 2), ("150000 100000\n", 2), ("50000 100000", 1), ("max 100000\n", nil),
      ("", nil), ("1", nil), ("0 100000", nil), ("100000 0", nil), ("-5 100000", nil),
    ] as [(String, Int?)])
  func granted(_ quota: String, _ count: Int?) {
    #expect(CoreCount.granted(quota: quota) == count)
  }
}
