public import ByteIO
public import ConvNeXtSchema
public import Inspect
import NativeFormat
import TensorModel

/// Everything that is known of a file without reading its tensors.
public struct Inspection: Sendable {
  /// The file.
  public let checkpoint: Checkpoint
  /// The places where a ConvNeXt was found, the chosen one first.
  public let candidates: [Candidate]
  /// The chosen model, held against the file; `nil` where none was found.
  public let match: ModelMatch?
  /// Why no model was found; `nil` where one was.
  public let noModel: SchemaError?
  /// What the model is and costs; `nil` where none was found, or no size was asked for and there is
  /// none that costs could be given for.
  public let summary: ModelSummary?
  /// Height and width of the images, as asked for or as the file says; `nil`: neither, and costs are
  /// given for the usual size.
  public let imageSize: Int?
  /// The epsilon of all norms but the last: what the file says, else the publisher's; `nil` without
  /// a model.
  public let normEpsilon: Double?
  /// The epsilon of the norm before the classifier, or with which that would be built.
  public let finalNormEpsilon: Double?
  /// The SHA-256 of the whole file, where it was asked for.
  public let fileDigest: SHA256Digest?
  /// The classes' names, where the file or its folder says them.
  public let labels: [String]?
  /// How images are prepared, where the file or its folder says it.
  public let preprocessing: JSONValue?
  /// Which tensors of the model, or of the file where it has none, are quantized.
  public let quantization: QuantizationSummary?
  /// What the recognition rests on, in sentences.
  public let evidence: [String]
  /// What is uncertain, assumed or contradictory, in sentences; problems of the match not repeated.
  public let doubts: [String]
  /// The content digest, where it was asked for, or where the header of the file holds it.
  public let contentDigest: SHA256Digest?

  /// The largest image that costs are given for.
  public static let largestImageSize = 8192
  /// The image that costs are given for where nothing says another size.
  public static let usualImageSize = 224

  /// Inspects a file.
  ///
  /// - Parameters:
  ///   - key: Where the weights stand; `nil`: the preferred place.
  ///   - imageSize: Height and width of the image that costs are given for; `nil`: the file's own,
  ///     else 224, or more where the model takes no image as small.
  ///   - computesDigests: Whether the whole file is read for its digests.
  /// - Throws: `SchemaError` for a key that leads to nothing or too small an image; where nothing
  ///   is asked for, a file without a ConvNeXt is no error.
  public init(
    _ checkpoint: Checkpoint, key: String? = nil, imageSize: Int? = nil,
    computesDigests: Bool = false
  ) throws {
    self.checkpoint = checkpoint
    let matcher = checkpoint.matcher()
    let match =
      key != nil || !matcher.candidates.isEmpty ? try checkpoint.match(key: key) : nil
    let others = matcher.candidates.filter { $0 != match?.candidate }
    candidates = (match.map { [$0.candidate] } ?? []) + others
    self.match = match
    noModel = match == nil ? matcher.noModel : nil
    let saidSize = checkpoint.native?.header.model.imageSize ?? checkpoint.folder?.saidImageSize
    let smallestSize = match?.architecture.minimumImageSize ?? 1
    let ownSize = saidSize.flatMap { size in
      size >= smallestSize && size <= Self.largestImageSize ? size : nil
    }
    self.imageSize = imageSize ?? ownSize
    let epsilons = match.map { NormEpsilons(of: $0, in: checkpoint) }
    normEpsilon = epsilons?.norms
    finalNormEpsilon = epsilons?.finalNorm
    labels = checkpoint.labels(classes: match?.architecture.head.classes)
    preprocessing = checkpoint.native?.header.preprocessing ?? checkpoint.folder?.preprocessing
    quantization = QuantizationSummary(
      try match?.canonicalQuantizedTensors(of: checkpoint)
        ?? checkpoint.tensors.compactMap { checkpoint.quantizedTensors[$0.name] })
    let costs = try Costs(
      match, of: checkpoint, imageSize: self.imageSize, isAsked: imageSize != nil)
    summary = costs.summary
    let findings = Findings(
      checkpoint, match: match, variant: summary?.variant,
      others: key == nil ? Array(candidates.dropFirst()) : [])
    evidence = findings.evidence
    var doubts = findings.doubts
    if let saidSize, ownSize == nil {
      doubts.append(
        "the file says that images have \(saidSize) pixels, a size that the model cannot process")
    }
    self.doubts = doubts + costs.doubts
    fileDigest = computesDigests ? checkpoint.fileDigest() : nil
    if computesDigests {
      contentDigest = try checkpoint.manifest(key: key).contentDigest
    } else {
      contentDigest = try checkpoint.statedContentDigest(of: match)
    }
  }
}
