/// A place in a file where the weights of a ConvNeXt stand.
public struct Candidate: Equatable, Sendable {
  /// Whose names they have.
  public let naming: Naming
  /// The kind of file that such names occur in: `timm`, `timm features_only`.
  public let title: String
  /// The path of the dictionary that holds the tensors, `model` or `state_dict`; `nil`: the file's
  /// outermost one.
  public let wrapper: String?
  /// What stands before the publisher's names within that dictionary: `module.`, `backbone.`.
  public let prefix: String
  /// What the publisher puts before the body's names: `convnext.`.
  public let bodyPrefix: String
  /// Blocks that were found.
  public let blockCount: Int
  /// Tensors at this place.
  public let tensorCount: Int
  /// The bytes of those tensors.
  public let byteCount: Int
  /// Whether the averages stand in `state_dict` and the raw weights in `ema_state_dict`: mmengine
  /// swaps both when it saves (`mmengine/hooks/ema_hook.py`).
  var hasSwappedAverages = false
  /// Whether it is called a teacher and no other model in the file has its widths: then it is no
  /// average of one, but another model that one was distilled from.
  var isOtherTeacher = false

  /// What stands before the publisher's names in the file: wrapper and prefix.
  public var path: String { (wrapper.map { "\($0)." } ?? "") + prefix }

  /// How `--key` names the place: the path without its last dot.
  public var key: String { path.hasSuffix(".") ? String(path.dropLast()) : path }

  /// Whether the weights are averages over training (exponential moving averages).
  public var isAveraged: Bool { preference.isAveraged }

  /// Whether the publisher's code has another epsilon for the final norm than for the others:
  /// transformers' `ConvNextModel` and `ConvNextV2Model` have, its DINOv3 models have not.
  public var hasSmallFinalEpsilon: Bool { title == NameTable.transformersTitle }

  /// Why this place is taken before others, the lower the rank the earlier.
  var preference: Preference {
    let components = path.split(separator: ".")
    if isOtherTeacher || components.contains(where: { Preference.aside.contains(String($0)) }) {
      return Preference(word: key, isAveraged: false, rank: Preference.table.count + 1)
    }
    let row = Preference.table.enumerated().first { _, row in
      components.contains(row.word[...])
        // `model_ema_state_dict` and the like, which no loader knows by name.
        || row.word == Preference.average
          && components.contains { $0.split(separator: "_").contains(row.word[...]) }
    }
    return row.map {
      Preference(
        word: $0.element.word, isAveraged: $0.element.isAveraged != hasSwappedAverages,
        rank: hasSwappedAverages && !$0.element.isAveraged ? 0 : $0.offset)
    } ?? Preference(word: key, isAveraged: false, rank: Preference.table.count)
  }

  /// Why a place is taken before others, in the order in which it is decided.
  public enum Advantage: Sendable {
    /// Its weights are averages over training.
    case averages
    /// Its path has a word that goes before theirs.
    case word
    /// It has more blocks.
    case blocks
    /// Nothing but its place in the file.
    case position
  }

  /// Why this place is taken before others, which it is.
  public func advantage(over others: [Candidate]) -> Advantage {
    if isAveraged && !others.allSatisfy(\.isAveraged) { return .averages }
    let rank = preference.rank
    let equals = others.filter { $0.preference.rank == rank }
    if equals.isEmpty { return .word }
    return equals.allSatisfy { $0.blockCount < blockCount } ? .blocks : .position
  }

  /// Words in a path that say which weights are meant.
  ///
  /// timm's loader takes `state_dict_ema`, `model_ema`, `state_dict`, `model` in this order
  /// (`timm/models/_helpers.py`).
  struct Preference: Sendable {
    let word: String
    let isAveraged: Bool
    let rank: Int

    static let average = "ema"
    static let teacher = "teacher"

    /// What a training keeps beside the weights, in tensors of the same names and shapes.
    static let aside: Set<String> = [
      "optimizer", "optim", "optimizer_state", "exp_avg", "exp_avg_sq", "momentum_buffer",
      "momentum",
      "grad", "grads", "gradients",
    ]

    static let table: [(word: String, isAveraged: Bool)] = [
      ("state_dict_ema", true), ("model_ema", true), ("ema_state_dict", true),
      ("params_ema", true), ("ema_model", true), (average, true), (teacher, true),
      ("state_dict", false), ("model", false), ("model_state_dict", false),
      ("model_state", false), ("module", false), ("net", false), ("params", false),
      ("student", false),
    ]
  }
}

extension Candidate {
  /// Whether a branch of a file is what a training keeps beside the weights, such as an optimizer's
  /// moments.
  public static func isOfTraining(_ branch: String) -> Bool {
    branch.split(separator: ".").contains { Preference.aside.contains(String($0)) }
  }
}
