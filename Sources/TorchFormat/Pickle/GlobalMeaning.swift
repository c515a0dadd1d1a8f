/// What a global means in a pickle, for the purpose of reading it.
enum GlobalMeaning: Equatable {
  /// A function whose result is made here.
  case function(PickleFunction)
  /// The class of a storage.
  case storageClass(StorageClass)
  /// An element type, by its name in `torch`.
  case elementType(String)
  /// A class that is referred to and never called.
  case reference
  /// A class or function whose calls become named values.
  case inert(InertArguments)
}

/// The functions that are imitated: each makes a plain value or a tensor from its arguments.
enum PickleFunction: Equatable {
  case orderedDictionary, encodedBytes, bytes, size, set
  case rebuildTensor, rebuildTensorV2, rebuildTensorV3
  case rebuildParameter, rebuildParameterWithState, rebuildFromType
  case rebuildQuantized, rebuildSparse, rebuildMeta
  /// A tensor of some other kind that is only named.
  case rebuildOther(String)
  /// Lists and type tags of TorchScript, whose result is the first argument.
  case firstArgument
  /// A method of a class, by its name: `getattr`. Only those in `GlobalTables.methods` are
  /// imitated.
  case method

  /// What NEWOBJ does with arguments; `nil` for what is not a class, which Python refuses.
  var new: InertArguments.New? {
    switch self {
    case .size: .taken
    case .orderedDictionary, .bytes, .set: .refused
    default: nil
    }
  }

  /// Whether the result is a tensor: `_rebuild_from_type_v2` may call only such functions.
  var makesTensor: Bool {
    switch self {
    case .orderedDictionary, .encodedBytes, .bytes, .size, .set, .rebuildFromType, .firstArgument,
      .method:
      false
    default: true
    }
  }
}
