import ArgumentParser
import ByteIO

/// The option that raises or lowers what a file may ask for.
struct LimitOptions: ParsableArguments {
  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      """
      Raise or lower a limit on what a file may ask for, such as pickleDepth=500; \
      docs/limits.md lists them. May be given several times.
      """, valueName: "name=value"),
    completion: .list(Limits.Name.allCases.map { "\($0.rawValue)=" }),
    transform: LimitSetting.init)
  var settings: [LimitSetting] = []

  /// The limits as set.
  var limits: Limits {
    var limits = Limits.standard
    for setting in settings { limits[setting.name] = setting.value }
    return limits
  }
}

/// A limit and its new value, as `--limit` takes it.
struct LimitSetting: Sendable {
  let name: Limits.Name
  let value: Int

  /// Reads `NAME=VALUE`; throws `ValidationError` if there is no such limit, or it does not accept
  /// the value.
  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = Limits.Name(rawValue: String(parts[0])) else {
      let names = Limits.Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "--limit takes NAME=VALUE; the names are \(names). Found \(quoted(text)).")
    }
    guard let value = Int(parts[1]), name.range.contains(value) else {
      let range = name.range
      throw ValidationError(
        "--limit \(name.rawValue) takes a number from \(range.lowerBound)"
          + (range.upperBound == .max ? " on." : " to \(range.upperBound).")
          + " Found \(quoted(parts[1])).")
    }
    self.name = name
    self.value = value
  }
}
