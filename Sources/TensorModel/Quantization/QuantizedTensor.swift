import ByteIO

/// A weight as it is stored: its codes, and the scales by which they are to be multiplied.
public struct QuantizedTensor: Sendable {
  /// The codes, under the weight's name and in its shape.
  public let codes: Tensor
  /// The scales, F32.
  public let scales: Tensor
  /// What the codes mean.
  public let quantization: Quantization

  /// Checks that codes and scales belong together.
  ///
  /// Throws `QuantizationError` if an element type or a shape is not the scheme's.
  public init(
    codes: Tensor, scales: Tensor, quantization: Quantization
  ) throws(QuantizationError) {
    try quantization.check(codes: codes.info, scales: scales.info)
    self.codes = codes
    self.scales = scales
    self.quantization = quantization
  }

  /// The quantized tensors of a file, by the name of their codes.
  ///
  /// - Parameters:
  ///   - pairs: What `Quantization.pairs` found among the tensors.
  ///   - tensors: All tensors of the file.
  /// - Throws: `QuantizationError` if codes and scales do not belong together.
  package static func byName(
    _ pairs: [(codes: Int, scales: Int, quantization: Quantization)], of tensors: [Tensor]
  ) throws(QuantizationError) -> [TensorName: QuantizedTensor] {
    var result: [TensorName: QuantizedTensor] = [:]
    for (codes, scales, quantization) in pairs {
      result[tensors[codes].name] = try QuantizedTensor(
        codes: tensors[codes], scales: tensors[scales], quantization: quantization)
    }
    return result
  }

  private init(_ codes: Tensor, _ scales: Tensor, _ quantization: Quantization) {
    self.codes = codes
    self.scales = scales
    self.quantization = quantization
  }

  /// The same weight under another name and, if given, in another shape that differs by unit
  /// dimensions at most.
  ///
  /// Throws `QuantizationError.wrongScaleShape` or `.wrongRows` if the other shape has other rows:
  /// GRN's `[4C]` has one scale for each number, `[1,1,1,4C]` has a single one.
  public func renamed(
    _ name: TensorName, shape: [Int]? = nil
  ) throws(QuantizationError) -> QuantizedTensor {
    let scaleName = Quantization.scaleName(of: name)
    let codes = codes.renamed(name, shape: shape)
    guard let scaleShape = quantization.scheme.scaleShape(ofShape: codes.shape) else {
      throw .wrongRows(weight: name.string, scheme: quantization.scheme, shape: codes.shape)
    }
    guard withoutUnitDimensions(scaleShape) == withoutUnitDimensions(scales.shape) else {
      throw .wrongScaleShape(
        weight: name.string, scale: scaleName.string, expected: scaleShape, found: scales.shape)
    }
    let scales = scales.renamed(scaleName, shape: scaleShape)
    return QuantizedTensor(
      codes, scales,
      Quantization(
        scheme: quantization.scheme, scaleName: scaleName, sourceType: quantization.sourceType))
  }

  /// The bytes of codes and scales.
  public var byteCount: Int { [codes, scales].saturatingSum(of: \.byteCount) }
}

extension Quantization {
  /// Checks that codes and scales have the scheme's types and shapes.
  func check(codes: TensorInfo, scales: TensorInfo) throws(QuantizationError) {
    let (weight, scale) = (codes.name.string, scales.name.string)
    guard codes.elementType == scheme.codeType else {
      throw .wrongCodeType(weight: weight, scheme: scheme, found: codes.elementType)
    }
    guard let scaleShape = scheme.scaleShape(ofShape: codes.shape) else {
      throw .wrongRows(weight: weight, scheme: scheme, shape: codes.shape)
    }
    guard scales.elementType == .float32 else {
      throw .wrongScaleType(weight: weight, scale: scale, found: scales.elementType)
    }
    guard scales.shape == scaleShape else {
      throw .wrongScaleShape(
        weight: weight, scale: scale, expected: scaleShape, found: scales.shape)
    }
  }

  /// Finds the scales of each quantized tensor of a file, and checks that all of them fit.
  ///
  /// - Parameters:
  ///   - infos: All tensors of the file.
  ///   - quantizations: What the file says about some of them, by name, in the file's order.
  /// - Returns: For each quantized tensor, its index in `infos`, that of its scales, and what the
  ///   file says.
  /// - Throws: `QuantizationError` for the first rule that is broken.
  public static func pairs(
    of infos: [TensorInfo], _ quantizations: [(name: TensorName, quantization: Quantization)]
  ) throws(QuantizationError) -> [(codes: Int, scales: Int, quantization: Quantization)] {
    guard !quantizations.isEmpty else { return [] }
    let indexByName = Dictionary(infos.enumerated().map { ($1.name, $0) }) { first, _ in first }
    let weights = Set(quantizations.map(\.name))
    var owners: [TensorName: TensorName] = [:]
    var pairs: [(codes: Int, scales: Int, quantization: Quantization)] = []
    var scaleNames: [TensorName: TensorName] = [:]
    for (name, quantization) in quantizations {
      let scaleName = quantization.scaleName
      if let other = scaleNames.updateValue(scaleName, forKey: name) {
        throw .repeatedWeight(weight: name.string, scales: [other.string, scaleName.string])
      }
      guard let codes = indexByName[name] else { throw .noWeight(weight: name.string) }
      guard let scales = indexByName[scaleName] else {
        throw .noScale(weight: name.string, scale: scaleName.string)
      }
      guard !weights.contains(scaleName) else {
        throw .quantizedScale(weight: name.string, scale: scaleName.string)
      }
      if let owner = owners.updateValue(name, forKey: scaleName) {
        throw .sharedScale(scale: scaleName.string, weights: [owner.string, name.string])
      }
      try quantization.check(codes: infos[codes], scales: infos[scales])
      pairs.append((codes, scales, quantization))
    }
    return pairs
  }
}
