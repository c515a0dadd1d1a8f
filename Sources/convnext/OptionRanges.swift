import ArgumentParser
import ConvNeXtSchema

/// The numbers that options shared by several commands accept.
enum OptionRanges {
  static func check(imageSize: Int?) throws {
    if let imageSize, !(1...Architecture.largestImageSize).contains(imageSize) {
      throw ValidationError(
        "--image-size takes a number from 1 to \(Architecture.largestImageSize).")
    }
  }

  static func check(tolerance: Double?) throws {
    if let tolerance, !(tolerance >= 0 && tolerance.isFinite) {
      throw ValidationError("--tolerance takes a finite number from 0 on.")
    }
  }
}
