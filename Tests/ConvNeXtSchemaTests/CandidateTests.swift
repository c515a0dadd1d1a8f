import Testing

@testable import ConvNeXtSchema

@Suite("Candidate")
struct CandidateTests {
  private func candidate(
    _ wrapper: String?, prefix: String = "", blockCount: Int = 1
  ) -> Candidate {
    Candidate(
      naming: .timm, title: "timm", wrapper: wrapper, prefix: prefix, bodyPrefix: "",
      blockCount: blockCount, tensorCount: 9, byteCount: 36)
  }

  @Test(
    "the key is the path without its last dot",
    arguments: [
      (nil, "", "", ""), (nil, "module.", "module.", "module"), ("model", "", "model.", "model"),
      ("model", "a.b.", "model.a.b.", "model.a.b"), (nil, "my", "my", "my"),
    ] as [(String?, String, String, String)])
  func path(wrapper: String?, prefix: String, path: String, key: String) {
    let candidate = candidate(wrapper, prefix: prefix)
    #expect(candidate.path == path)
    #expect(candidate.key == key)
  }

  @Test(
    "the words that say which weights are meant have the order of timm's loader, averages first")
  func order() {
    let words = Candidate.Preference.table.map(\.word)
    #expect(words.map { candidate($0).preference.rank } == Array(words.indices))
    #expect(words.map { candidate($0).isAveraged } == Candidate.Preference.table.map(\.isAveraged))
    let loader = ["state_dict_ema", "model_ema", "state_dict", "model"]
    #expect(words.filter(loader.contains) == loader)
    let averaged = Candidate.Preference.table.map(\.isAveraged)
    #expect(averaged == averaged.sorted { $0 && !$1 })
  }

  @Test(
    "a word counts as a whole part of the path, wherever it stands; ema within a part, too",
    arguments: [
      (nil, "a.model_ema.b.", "model_ema", true), ("trainer", "ema.", "ema", true),
      ("net_ema_weights", "", "ema", true), ("schema", "", "schema", false),
      ("models", "", "models", false), (nil, "", "", false), ("teachers", "", "teachers", false),
      // The first word of the table, not of the path.
      ("model", "state_dict.", "state_dict", false), ("net", "teacher.", "teacher", true),
    ] as [(String?, String, String, Bool)])
  func words(wrapper: String?, prefix: String, word: String, isAveraged: Bool) {
    let preference = candidate(wrapper, prefix: prefix).preference
    #expect(preference.word == word)
    #expect(preference.isAveraged == isAveraged)
  }

  @Test(
    "what a training keeps beside the weights comes after everything else, averages of it too",
    arguments: Candidate.Preference.aside.sorted())
  func aside(word: String) {
    let last = candidate("model_ema", prefix: "\(word).")
    #expect(last.preference.rank > candidate("unknown").preference.rank)
    #expect(!last.isAveraged)
  }

  @Test("a teacher that is another model comes last, and is no average")
  func otherTeacher() {
    var teacher = candidate("teacher")
    #expect(teacher.isAveraged)
    teacher.isOtherTeacher = true
    #expect(!teacher.isAveraged)
    #expect(teacher.preference.rank > candidate("unknown").preference.rank)
  }

  @Test("where averages and weights were swapped, each is taken for the other")
  func swapped() {
    var (weights, averages) = (candidate("ema_state_dict"), candidate("state_dict"))
    weights.hasSwappedAverages = true
    averages.hasSwappedAverages = true
    #expect(averages.isAveraged && !weights.isAveraged)
    #expect(averages.preference.rank < weights.preference.rank)
  }

  @Test("why a place goes before others, in the order in which it is decided")
  func advantage() {
    let average = candidate("model_ema")
    #expect(average.advantage(over: [candidate("model")]) == .averages)
    #expect(average.advantage(over: [candidate("ema")]) == .word)
    // What is not averaged takes no part where averages are to be told apart.
    let fold = candidate("a.ema")
    #expect(fold.advantage(over: [candidate("a.model"), candidate("b.model")]) == .averages)
    #expect(fold.advantage(over: [candidate("b.ema"), candidate("a.model")]) == .position)
    #expect(candidate("model").advantage(over: [candidate("net", blockCount: 9)]) == .word)
    let deep = candidate("a", blockCount: 2)
    #expect(deep.advantage(over: [candidate("b")]) == .blocks)
    #expect(deep.advantage(over: [candidate("b"), candidate("c", blockCount: 2)]) == .position)
  }
}
