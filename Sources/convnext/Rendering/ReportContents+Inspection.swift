import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import NativeFormat
import Report
import TensorModel

extension ReportContents {
  /// Announces the passes of a report over a file: all tensors for their numbers and for their
  /// digests, and the file.
  static func planPasses(over checkpoint: Checkpoint, in progress: WorkProgress) {
    progress.plan(
      byteCounts: checkpoint.tensorByteCount, checkpoint.tensorByteCount, checkpoint.fileByteCount)
  }

  /// What a report shows about an inspected file; reads all tensors, and the file for its digest.
  init(_ inspection: Inspection) throws {
    let checkpoint = inspection.checkpoint
    let health = try inspection.health()
    let tensors = checkpoint.tensors
    let digests = try concurrentMap(byteCounts: tensors.map(\.byteCount)) {
      try tensors[$0].digest()
    }
    var parameters: [Int: Parameter] = [:]
    for matched in inspection.match?.tensors ?? [] {
      parameters[matched.inputIndex] = matched.parameter
    }
    // The model in the order of the forward pass, then the rest.
    let ofModel = (inspection.match?.tensors ?? []).map(\.inputIndex)
    let order = ofModel + tensors.indices.filter { parameters[$0] == nil }
    self.init(
      fileName: FileSystem.name(of: checkpoint.path), fileKind: InspectFacts.file(checkpoint),
      health: health,
      tensors: order.map {
        ReportTensor(
          tensors[$0], parameter: parameters[$0],
          isQuantized: checkpoint.quantizedTensors[tensors[$0].name] != nil,
          statistics: health.statistics[$0], digest: digests[$0])
      }, tool: toolName)
    modelName = inspection.match?.modelName
    facts = InspectFacts(inspection, withProvenance: false).facts
    summary = inspection.summary
    labels = inspection.labels
    preprocessing = inspection.preprocessing?.serialized(isPretty: true)
    provenance = try Self.provenance(inspection, digests: digests)
  }

  private static func provenance(
    _ inspection: Inspection, digests: [SHA256Digest]
  ) throws -> [ReportFact] {
    let checkpoint = inspection.checkpoint
    var facts = [ReportFact("file", FileSystem.name(of: checkpoint.path))]
    for file in checkpoint.files {
      if checkpoint.files.count > 1 || FileSystem.name(of: file.path) != facts[0].value {
        facts.append(ReportFact("weights", FileSystem.name(of: file.path)))
      }
      facts.append(
        ReportFact(
          "SHA-256",
          try SHA256Digest(of: file.region, progress: WorkProgress.current ?? WorkProgress()).hex))
    }
    if let manifest = try checkpoint.manifest(of: inspection.match, digests: digests) {
      facts.append(ReportFact("content", manifest.contentDigest.hex))
    }
    guard let source = checkpoint.native?.header.source else { return facts }
    facts.append(
      ReportFact(
        "made from", "\(source.fileName) (\(source.container), \(source.naming ?? "unknown") names)"
      ))
    if let digest = source.sha256 { facts.append(ReportFact("", "SHA-256 \(digest.hex)")) }
    return facts + [ReportFact("made by", source.tool)]
  }
}
