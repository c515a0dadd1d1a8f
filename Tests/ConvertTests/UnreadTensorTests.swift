import ByteIO
import ConvNeXtSchema
import Inspect
import TensorModel
import TestSupport
import Testing
import TorchFormat

@testable import Convert

/// What is under a model's names and is no tensor that can be read: without it, the rest would pass
/// for another model.
@Suite("Unread tensors")
struct UnreadTensorTests {
  /// A depthwise convolution, a sparse classifier, and its bias as a NumPy array.
  private let path = Fixtures.path("torch/unread-parts.pth")

  private func refusal(_ body: () throws -> Void) -> TorchError? {
    do {
      try body()
      return nil
    } catch let error as FileError {
      return error.error as? TorchError
    } catch {
      return error as? TorchError
    }
  }

  @Test("they are problems of the model, whose description was inferred without them")
  func problems() throws {
    let match = try Checkpoint(path: path).match()
    #expect(
      match.problems.filter(\.isUnreadable).map(\.sentence) == [
        "unreadable: 'head.fc.weight' is a sparse tensor (torch.sparse_coo)",
        "unreadable: 'head.fc.bias' is a NumPy array, which is not a tensor",
      ])
    #expect(!match.isComplete && !match.hasAllTensors && !match.hasCanonicalNames)
    #expect(match.architecture.head.classes == nil)
  }

  @Test("a conversion, a digest and a comparison are refused, whatever is allowed to be missing")
  func refusals() throws {
    let checkpoint = try Checkpoint(path: path)
    let weight = refusal {
      _ = try checkpoint.plan("a.convnext") {
        $0.allowsMissing = true
        $0.allowsExtra = true
      }
    }
    #expect(weight?.place.tensor == "head.fc.weight" && weight?.category == .unsupported)
    let digest = refusal { _ = try checkpoint.manifest() }
    let comparison = refusal { _ = try ModelDiff(checkpoint, checkpoint) }
    #expect(digest == weight && comparison == weight)
    #expect(try checkpoint.manifest(of: checkpoint.match(), digests: []) == nil)
  }

  @Test("a backbone does not need its classifier, and what is left out is told")
  func backbone() throws {
    let checkpoint = try Checkpoint(path: path)
    let plan = try checkpoint.plan("a.convnext") {
      $0.isBackboneOnly = true
      $0.allowsMissing = true
    }
    #expect(plan.match.problems.filter(\.isUnreadable) == [])
    #expect(
      checkpoint.unreadNote(beside: plan.match)
        == "left out, because it cannot be read: 'head.fc.weight' (a sparse tensor (torch.sparse_coo))"
    )
  }

  @Test("the user's rules rename them, too")
  func rules() throws {
    var options = Checkpoint.Options()
    options.renameRules = [try RenameRule(pattern: "^head\\.fc\\.", replacement: "decoder.")]
    let checkpoint = try Checkpoint(path: path, options: options)
    #expect(checkpoint.unusedRules.isEmpty)
    #expect(try checkpoint.match().problems.filter(\.isUnreadable) == [])
  }

  @Test("where all depthwise convolutions cannot be read, that is the reason for finding no model")
  func depthwise() throws {
    var options = Checkpoint.Options()
    options.renameRules = [
      try RenameRule(pattern: "^stages.*", replacement: "plain"),
      try RenameRule(
        pattern: "^head\\.fc\\.weight", replacement: "stages.0.blocks.0.conv_dw.weight"),
    ]
    let checkpoint = try Checkpoint(path: path, options: options)
    let error = refusal { _ = try checkpoint.plan("a.convnext") }
    #expect(error?.place.tensor == "head.fc.weight")
  }
}
