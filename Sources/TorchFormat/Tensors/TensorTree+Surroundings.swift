extension TensorTree {
  /// What a value is in.
  struct Surroundings {
    /// The dictionary. Those that hold an object's attributes do not count: their names are part of
    /// the tensors' own.
    var dictionaryPath: String
    /// Whether it is in an object.
    var isInsideObject = false
    /// Whether it belongs to a pickled module.
    var isInsideModule = false
    /// Whether it is under a key that Python may treat as equal to another one.
    var isUnderAmbiguousKey = false

    /// The same in another dictionary.
    func inDictionary(_ path: String) -> Surroundings {
      var surroundings = self
      surroundings.dictionaryPath = path
      return surroundings
    }
  }
}
