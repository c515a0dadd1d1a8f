import ByteIO

/// A place in a file that holds the weights of a ConvNeXt.
public struct Candidate: Equatable, Sendable {
  /// Whose names they have.
  public let naming: Naming
  /// The kind of file that has such names: `timm`, `timm features_only`.
  public let title: String
  /// The path of the dictionary that holds the tensors, `model` or `state_dict`; `nil` for the
  /// file's outermost one.
  public let wrapper: String?
  /// What precedes the publisher's names within that dictionary: `module.`, `backbone.`.
  public let prefix: String
  /// What the publisher puts before the body's names: `convnext.`.
  public let bodyPrefix: String
  /// The number of blocks found.
  public let blockCount: Int
  /// The number of tensors at this place.
  public let tensorCount: Int
  /// The bytes of those tensors.
  public let byteCount: Int
  /// What precedes the publisher's names in the file: wrapper and prefix.
  public let path: String
  /// What the path says about the weights; paths come from a file and may be long.
  private let hint: Preference.Hint
  /// Whether the averages are in `state_dict` and the raw weights in `ema_state_dict`: mmengine
  /// swaps them when it saves (`mmengine/hooks/ema_hook.py`).
  var hasSwappedAverages = false
  /// Whether it is called a teacher and no other model in the file has its widths: then it is not
  /// an average of one, but another model from which one was distilled.
  var isOtherTeacher = false

  init(
    naming: Naming, title: String, wrapper: String?, prefix: String, bodyPrefix: String,
    blockCount: Int, tensorCount: Int, byteCount: Int
  ) {
    self.naming = naming
    self.title = title
    self.wrapper = wrapper
    self.prefix = prefix
    self.bodyPrefix = bodyPrefix
    self.blockCount = blockCount
    self.tensorCount = tensorCount
    self.byteCount = byteCount
    path = (wrapper.map { "\($0)." } ?? "") + prefix
    hint = Preference.hint(in: path)
  }

  /// Whether both are the same place under the same names, compared by bytes.
  public static func == (left: Candidate, right: Candidate) -> Bool {
    left.path.hasBytes(of: right.path) && left.title == right.title
      && left.wrapper?.utf8.count == right.wrapper?.utf8.count
      && left.bodyPrefix == right.bodyPrefix
  }

  /// How `--key` names the place: the path without its last dot.
  public var key: String { path.hasSuffix(".") ? String(path.dropLast()) : path }

  /// Whether the weights are averages over training (exponential moving averages).
  public var isAveraged: Bool { preference.isAveraged }

  /// Whether the publisher's code has another epsilon for the final norm than for the others:
  /// transformers' `ConvNextModel` and `ConvNextV2Model` do, its DINOv3 models do not.
  public var hasSmallFinalEpsilon: Bool { title == NameTable.transformersTitle }

  /// Why this place is preferred to others; the lower the rank, the more it is preferred.
  var preference: Preference {
    switch isOtherTeacher ? .aside : hint {
    case .aside: return Preference(word: key, isAveraged: false, rank: Preference.table.count + 1)
    case .none: return Preference(word: key, isAveraged: false, rank: Preference.table.count)
    case .row(let rank):
      let row = Preference.table[rank]
      return Preference(
        word: row.word, isAveraged: row.isAveraged != hasSwappedAverages,
        rank: hasSwappedAverages && !row.isAveraged ? 0 : rank)
    }
  }

  /// Why a place is preferred to others, in the order in which it is decided.
  public enum Advantage: Sendable {
    /// Its weights are averages over training.
    case averages
    /// Its path has a word that takes precedence over theirs.
    case word
    /// It has more blocks.
    case blocks
    /// Nothing but its position in the file.
    case position
  }

  /// Why this place is preferred to others; it must be.
  public func advantage(over others: [Candidate]) -> Advantage {
    let rivals = isAveraged ? others.filter(\.isAveraged) : others
    if rivals.isEmpty { return .averages }
    let rank = preference.rank
    let equals = rivals.filter { $0.preference.rank == rank }
    if equals.isEmpty { return .word }
    return equals.allSatisfy { $0.blockCount < blockCount } ? .blocks : .position
  }

  /// Words in a path that say which weights are meant.
  ///
  /// timm's loader tries `state_dict_ema`, `model_ema`, `state_dict`, `model` in this order
  /// (`timm/models/_helpers.py`).
  struct Preference: Sendable {
    let word: String
    let isAveraged: Bool
    let rank: Int

    static let average = "ema"
    /// Words before that one which say the contrary: `non_ema_state_dict`.
    static let negations: Set<String> = ["no", "non", "not", "without", "wo"]
    static let teacher = "teacher"
    /// What `ema_pytorch` keeps next to its averages: the weights that they average.
    static let raw = "online_model"

    /// What training code keeps next to the weights, in tensors of the same names and shapes.
    static let aside: Set<String> = [
      "optimizer", "optim", "optimizer_state", "optimizer_states", "exp_avg", "exp_avg_sq",
      "momentum_buffer", "momentum", "grad", "grads", "gradients",
    ]

    static let table: [(word: String, isAveraged: Bool)] = [
      ("state_dict_ema", true), ("model_ema", true), ("ema_state_dict", true),
      ("params_ema", true), ("ema_model", true), (average, true), (teacher, true),
      ("state_dict", false), ("model", false), ("model_state_dict", false),
      ("model_state", false), ("module", false), ("net", false), ("params", false),
      ("student", false), (raw, false),
    ]

    /// What a path says.
    enum Hint: Equatable, Sendable {
      /// The first row of the table with one of its words.
      case row(Int)
      /// It is a path of something other than weights.
      case aside
      /// Nothing.
      case none
    }

    private static let ranks = Dictionary(
      uniqueKeysWithValues: table.enumerated().map { ($0.element.word, $0.offset) })

    /// What a path says; each part of it is examined once.
    static func hint(in path: String) -> Hint {
      var first = Int.max
      for part in path.utf8.split(separator: UInt8(ascii: ".")) {
        let word = String(decoding: part, as: UTF8.self)
        if aside.contains(word) { return .aside }
        // Even inside something that is averaged.
        if word == raw { return ranks[word].map { .row($0) } ?? .none }
        // `model_ema_state_dict` and the like, which no loader knows by name.
        let syllables = part.split(separator: UInt8(ascii: "_"))
        let isAverage = syllables.indices.contains { index in
          syllables[index].elementsEqual(average.utf8)
            && !(index > 0
              && negations.contains(String(decoding: syllables[index - 1], as: UTF8.self)))
        }
        first = min(first, ranks[word] ?? .max, isAverage ? ranks[average] ?? .max : .max)
      }
      return first == .max ? .none : .row(first)
    }
  }
}

extension Candidate {
  /// Whether a branch of a file is what training code keeps next to the weights, such as an
  /// optimizer's moments.
  public static func isOfTraining(_ branch: String) -> Bool {
    branch.split(separator: ".").contains { Preference.aside.contains(String($0)) }
  }
}
