import ByteIO
import TestSupport
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

/// `getattr(class, name)`, by which pickles of protocol 2 refer to methods.
@Suite("Look-ups of methods")
struct MethodLookupTests {
  private static let getattr = P.global("__builtin__", "getattr")
  private static let buffer = P.global("mmengine.logging.history_buffer", "HistoryBuffer")

  private static func lookup(_ name: String) -> [UInt8] { P.call(getattr, buffer, P.text(name)) }

  private func archive(_ value: [UInt8]) -> ByteRegion {
    ZipBytes.archive(
      P.dictionary(["weight": P.tensor(), "rest": value]), storages: ["0": floats(1, 2, 3, 4)])
  }

  /// As mmengine 0.10 writes it: the function and the class come from the memo from the second
  /// look-up on.
  private static let historyBuffer: [UInt8] =
    buffer + P.ascii("q\u{1}") + P.tuple() + [0x81] + P.ascii("}(") + P.text("statistics_methods")
    + P.ascii("}(") + P.text("min") + getattr + P.ascii("q\u{2}h\u{1}") + P.text("min") + [0x86]
    + P.ascii("R") + P.text("max") + P.ascii("h\u{2}h\u{1}") + P.text("max") + [0x86]
    + P.ascii("Ru") + P.text("_max_length") + P.integer(1_000_000) + P.ascii("ub")

  @Test("the methods of a history that mmengine keeps are read and called clean")
  func historyIsRead() throws {
    let file = archive(Self.historyBuffer)
    let torch = try TorchFile(file)
    #expect(torch.globals.allSatisfy { $0.verdict == .data || $0.verdict == .inert })
    let scan = TorchScan(file)
    #expect(scan.failure == nil)
    #expect(scan.globals.contains { $0.qualifiedName == "builtins.getattr" })
    #expect(scan.globals.allSatisfy { $0.verdict == .data || $0.verdict == .inert })
    #expect(scan.calls.allSatisfy { $0.global.verdict == .data || $0.global.verdict == .inert })
  }

  static let known = GlobalTables.methods.flatMap { module, classes in
    classes.flatMap { name, methods in methods.sorted().map { (module, name, $0) } }
  }

  @Test("each known method is a named value", arguments: known)
  func knownMethod(_ module: String, _ name: String, _ method: String) throws {
    let file = try TorchFile(
      archive(P.call(Self.getattr, P.global(module, name), P.text(method))))
    #expect(file.globals.filter { !$0.verdict.isHarmless } == [])
    #expect(file.globals.contains { $0.qualifiedName == "builtins.getattr" })
  }

  static let others: [(String, [UInt8])] = [
    ("another attribute", lookup("__init__")),
    ("an attribute of what the method has", lookup("mean.__globals__")),
    (
      "a known attribute of another class",
      P.call(getattr, P.global("torch", "Tensor"), P.text("mean"))
    ),
    ("a default besides", P.call(getattr, buffer, P.text("mean"), P.none)),
    ("an attribute of an object", P.call(getattr, P.call(buffer), P.text("mean"))),
    ("an attribute of a method", P.call(getattr, lookup("mean"), P.text("mean"))),
    ("the function by itself", getattr),
    ("the function by itself beside a known look-up", P.list(lookup("mean"), getattr)),
    ("the function out of the memo", P.list(getattr + P.ascii("q\u{5}"), P.ascii("h\u{5}"))),
    ("the function for another to call", P.call(P.global("functools", "partial"), getattr, buffer)),
    (
      "the function kept in a tuple, while a copy of it out of the tuple is called",
      P.tuple(getattr) + P.ascii("q\u{6}")
        + P.call(
          P.call(P.global("torch.jit._pickle", "build_intlist"), P.ascii("h\u{6}")), buffer,
          P.text("mean")) + P.ascii("0")
        + P.global("functools", "partial") + P.ascii("h\u{6}R")
    ),
    ("the function thrown away", getattr + P.ascii("0N")),
    ("a call of the method", P.call(lookup("mean"), P.none)),
    ("the function as a class", getattr + P.tuple(buffer, P.text("mean")) + [0x81]),
    ("a harmful global as its argument", P.call(getattr, P.global("os", "path"), P.text("mean"))),
  ]

  @Test("any other use is refused, and the function dangerous", arguments: others)
  func refused(_ name: String, _ value: [UInt8]) {
    let file = archive(value)
    for skips in [false, true] {
      let options = TorchReadingOptions(skipsUnknownGlobals: skips)
      let error = failure { () throws(TorchError) in try TorchFile(file, options: options) }
      if name == "a call of the method" {
        #expect(error?.category == .invalidInput)
      } else if case .globalRefused(let use)? = error?.reason {
        #expect(use.qualifiedName == "builtins.getattr")
      } else {
        Issue.record("\(String(describing: error))")
      }
    }
    let scan = TorchScan(file)
    #expect(
      scan.failure != nil
        || scan.globals.contains {
          $0.qualifiedName == "builtins.getattr" && $0.verdict == .dangerous
        })
  }
}
