public import ByteIO
public import ConvNeXtSchema
public import Inspect
import NativeFormat
import TensorModel

/// Everything that is known about a file without reading its tensors.
public struct Inspection: Sendable {
  /// The file.
  public let checkpoint: Checkpoint
  /// The places where a ConvNeXt was found, the chosen one first.
  public let candidates: [Candidate]
  /// The chosen model, matched against the file; `nil` if none was found.
  public let match: ModelMatch?
  /// Why no model was found; `nil` if one was.
  public let noModel: SchemaError?
  /// What the model is and costs; `nil` if none was found, or if no size was asked for and there is
  /// none for which costs could be given.
  public let summary: ModelSummary?
  /// Height and width of the images, as asked for or as the file says; `nil` if neither is known,
  /// and costs are given for the usual size.
  public let imageSize: Int?
  /// The epsilon of all norms but the last: what the file says, else the publisher's; `nil` without
  /// a model.
  public let normEpsilon: Double?
  /// The epsilon of the norm before the classifier, or the one that it would be built with.
  public let finalNormEpsilon: Double?
  /// The SHA-256 of the whole file, if it was asked for.
  public let fileDigest: SHA256Digest?
  /// The classes' names, if the file or its folder gives them.
  public let labels: [String]?
  /// How images are prepared, if the file or its folder says so.
  public let preprocessing: JSONValue?
  /// Which tensors of the model, or of the file if it has none, are quantized.
  public let quantization: QuantizationSummary?
  /// What the recognition is based on, in sentences.
  public let evidence: [String]
  /// What is uncertain, assumed or contradictory, in sentences, without problems of the match.
  public let doubts: [String]
  /// The content digest, if it was asked for, or if the header of the file holds it.
  public let contentDigest: SHA256Digest?

  /// The image for which costs are given if nothing says another size.
  public static let usualImageSize = 224

  /// Inspects a file.
  ///
  /// - Parameters:
  ///   - key: Where the weights are; `nil` for the preferred place.
  ///   - imageSize: Height and width of the image for which costs are given; `nil` for the file's
  ///     own, else 224, or more if the model does not accept such small images.
  ///   - computesDigests: Whether the whole file is read for its digests.
  /// - Throws: `SchemaError` for a key that leads to nothing or an image that is too small. If
  ///   neither is given, a file without a ConvNeXt is not an error.
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
    let statedSize = checkpoint.native?.header.model.imageSize ?? checkpoint.folder?.statedImageSize
    let smallestSize = match?.architecture.minimumImageSize ?? 1
    let ownSize = statedSize.flatMap { size in
      size >= smallestSize && size <= Architecture.largestImageSize ? size : nil
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
    let basis = ModelEvidence(
      checkpoint, match: match, variant: summary?.variant,
      others: key == nil ? Array(candidates.dropFirst()) : [])
    evidence = basis.evidence
    var doubts = basis.doubts
    if let statedSize, ownSize == nil {
      doubts.append(
        "the file says that images have \(statedSize) pixels, for which costs are not counted")
    }
    self.doubts = doubts + costs.doubts
    fileDigest = computesDigests ? try checkpoint.fileDigest() : nil
    if computesDigests {
      contentDigest = try checkpoint.manifest(key: key).contentDigest
    } else {
      contentDigest = try checkpoint.statedContentDigest(of: match)
    }
  }
}
