import ByteIO
import ConvNeXtSchema
import Synchronization

/// What was found in a checkpoint, shared by all its copies: a command asks several times, and
/// searching the names of 100,000 tensors takes a second.
final class FoundModels: Sendable {
  /// What a match was asked for; keys are compared by their bytes.
  struct Request: Hashable {
    let key: [UInt8]?
    let isBackboneOnly: Bool
  }

  let matcher = Lock<ModelMatcher?>(nil)
  let matches = Lock<[Request: ModelMatch]>([:])
}
