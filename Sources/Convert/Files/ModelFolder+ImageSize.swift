import ByteIO
import ConvNeXtSchema

extension ModelFolder {
  /// Height and width of the images, if a configuration gives them.
  ///
  /// `preprocessor_config.json` has `size` as a number, or as `shortest_edge`, or as `height` and
  /// `width`; if it crops to `crop_size`, that is what a model sees. It takes precedence over
  /// `config.json`.
  var statedImageSize: Int? {
    // Without such an entry, cropping is its class's default; `null` counts as false.
    let crops = preprocessing?["do_center_crop"].map { $0.boolValue ?? false } ?? true
    if crops, let crop = preprocessing?[nonNull: "crop_size"] { return Self.side(of: crop) }
    if let size = preprocessing?[nonNull: "size"], size.objectValue?.entries.isEmpty != true {
      return Self.side(of: size)
    }
    return config?["image_size"].flatMap(Self.side) ?? timm?.imageSize
  }

  /// A configured size that is not square, for which no costs are given; `nil` if there is none.
  var oblongSizes: String? {
    let said = [
      preprocessing?[nonNull: "crop_size"], preprocessing?["size"], config?["image_size"],
    ]
    let sides = said.compactMap { $0.flatMap(Self.sides) } + [timm?.imageSides].compactMap(\.self)
    return sides.first { $0[0] != $0[1] }.map { "\($0[0]) x \($0[1])" }
  }

  /// Height and width of the images as configured, if an image can have them.
  public var imageSize: Int? {
    statedImageSize.flatMap { (1...Architecture.largestImageSize).contains($0) ? $0 : nil }
  }

  /// Height and width, if they are the same.
  private static func side(of size: JSONValue) -> Int? {
    if let side = size.integerValue ?? size["shortest_edge"]?.integerValue { return side }
    guard let sides = sides(of: size), sides[0] == sides[1] else { return nil }
    return sides[0]
  }

  /// Height and width, if both are there.
  private static func sides(of size: JSONValue) -> [Int]? {
    let sides = (size.arrayValue ?? [size["height"], size["width"]].compactMap(\.self))
      .compactMap(\.integerValue)
    return sides.count == 2 ? sides : nil
  }
}
