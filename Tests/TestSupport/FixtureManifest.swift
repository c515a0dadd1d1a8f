public import ByteIO

/// What a manifest of `fixtures/` says of a fixture.
public struct FixtureFile: Sendable, CustomStringConvertible {
  /// The path below `fixtures/`.
  public let file: String
  /// Why the fixture exists.
  public let purpose: String
  /// The container, as `convnext inspect` names it, or another kind of file.
  public let container: String
  /// The edition of the fixtures that the file belongs to.
  public let set: Int
  /// The file's size.
  public let byteCount: Int
  /// The SHA-256 of the whole file.
  public let sha256: SHA256Digest
  /// The tensors in file order, as the reference libraries read them; none for a refused file.
  public let tensors: [FixtureTensor]
  /// The ConvNeXt that the file holds; `nil` where it holds none, or a faulty one.
  public let model: FixtureModel?
  /// Why the file must not be read; `nil` where it is in order.
  public let refused: FixtureRefusal?
  /// What is wrong with a near miss; `nil` for other files.
  public let problem: FixtureProblem?
  /// Names of tensors beside those in `tensors` that have no plain elements.
  public let unsupported: [String]
  /// The exit status with which a reader may refuse the file; `nil`: it must be read.
  public let mayRefuse: Int?
  /// The entry as it is written, for keys that only some fixtures have.
  public let json: JSONValue

  /// The bytes of the file.
  public func bytes() throws -> ByteRegion { try Fixtures.bytes(file) }

  /// The path of the file.
  public var path: String { Fixtures.path(file) }

  /// The path below `fixtures/`, which is what a test that runs over fixtures shows.
  public var description: String { file }
}

/// A tensor of a fixture.
public struct FixtureTensor: Equatable, Sendable {
  /// The name in the file, with the path through dictionaries and lists joined by dots.
  public let name: String
  /// The element type as safetensors writes it.
  public let dtype: String
  /// The dimensions.
  public let shape: [Int]
  /// The SHA-256 of the elements, row-major, contiguous and little-endian.
  public let sha256: SHA256Digest

  /// Creates an entry from its parts.
  public init(name: String, dtype: String, shape: [Int], sha256: SHA256Digest) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.sha256 = sha256
  }

  /// Whether names are equal byte by byte, and the rest is equal.
  public static func == (left: FixtureTensor, right: FixtureTensor) -> Bool {
    left.name.utf8.elementsEqual(right.name.utf8) && left.dtype == right.dtype
      && left.shape == right.shape && left.sha256 == right.sha256
  }
}

/// The ConvNeXt in a fixture.
public struct FixtureModel: Sendable {
  /// 1, or 2 for ConvNeXt V2.
  public let version: Int
  /// The publisher's naming.
  public let naming: String
  /// The dictionary key that the weights lie under.
  public let wrapper: String?
  /// What stands before every name of the model.
  public let prefix: String?
  /// Blocks a stage.
  public let depths: [Int]
  /// Channels a stage.
  public let widths: [Int]
  /// Outputs of the classifier; 0: there is none.
  public let classes: Int
  /// The number of parameters.
  public let parameters: Int
  /// The digest of the manifest under canonical names.
  public let contentDigest: SHA256Digest
  /// Other wrappers in the same file, with the digests of their weights.
  public let alternatives: [(key: String, contentDigest: SHA256Digest)]
}

/// Why a fixture is refused.
public struct FixtureRefusal: Sendable {
  /// The exit status of the command.
  public let exit: Int
  /// The broken rule's name.
  public let rule: String
  /// Whether the fault shows on opening (`open`) or when elements are read (`data`).
  public let when: String
  /// The fault in words.
  public let why: String
  /// The globals that a scan has to name.
  public let globals: [String]
}

/// The tensor by which a file that is nearly a ConvNeXt misses it.
public enum FixtureProblem: Sendable {
  /// The file does not have it.
  case missing(String)
  /// The model does not have it.
  case unexpected(String)
  /// It has another shape than the model says.
  case shape(String, expected: [Int], found: [Int])
}

/// `fixtures/manifest.json` and `fixtures/manifest-2.json`, one after the other.
public enum FixtureManifest {
  /// A part of the manifest that is not as expected.
  public struct Malformed: Error {
    /// The key concerned.
    public let key: String
  }

  private static let loaded = Result { try load() }

  /// All fixtures in the manifests' order.
  public static func files() throws -> [FixtureFile] { try loaded.get() }

  /// The fixtures of a container that can be read.
  public static func readable(container: String) throws -> [FixtureFile] {
    try files().filter {
      $0.container == container && $0.refused == nil && $0.mayRefuse == nil
    }
  }

  /// The fixtures of a container that must be refused.
  public static func refused(container: String) throws -> [FixtureFile] {
    try files().filter { $0.container == container && $0.refused != nil }
  }

  /// The fixture at a path below `fixtures/`.
  public static func file(_ name: String) throws -> FixtureFile {
    guard let file = try files().first(where: { $0.file == name }) else {
      throw Malformed(key: name)
    }
    return file
  }

  private static func load() throws -> [FixtureFile] {
    try ["manifest.json", "manifest-2.json"].flatMap { name in
      try JSONValue(parsing: Fixtures.bytes(name)).array("files").map { try FixtureFile($0) }
    }
  }
}

extension FixtureFile {
  fileprivate init(_ json: JSONValue) throws {
    self.json = json
    file = try json.string("file")
    purpose = try json.string("purpose")
    container = try json.string("container")
    set = try json.integer("set")
    byteCount = try json.integer("byteCount")
    sha256 = try json.digest("sha256")
    tensors = try json.array("tensors").map { try FixtureTensor($0) }
    model = try json.optional("model").map { try FixtureModel($0) }
    refused = try json.optional("refused").map { try FixtureRefusal($0) }
    problem = try json.optional("problem").map { try FixtureProblem($0) }
    unsupported = (json["unsupported"]?.arrayValue ?? []).compactMap(\.stringValue)
    mayRefuse = json["mayRefuse"]?.integerValue
  }
}

extension FixtureTensor {
  fileprivate init(_ json: JSONValue) throws {
    name = try json.string("name")
    dtype = try json.string("dtype")
    shape = try json.integers("shape")
    sha256 = try json.digest("sha256")
  }
}

extension FixtureModel {
  fileprivate init(_ json: JSONValue) throws {
    version = try json.integer("version")
    naming = try json.string("naming")
    wrapper = json["wrapper"]?.stringValue
    prefix = json["prefix"]?.stringValue
    depths = try json.integers("depths")
    widths = try json.integers("widths")
    classes = try json.integer("classes")
    parameters = try json.integer("parameters")
    contentDigest = try json.digest("contentDigest")
    alternatives = try (json["alternatives"]?.arrayValue ?? []).map {
      (try $0.string("key"), try $0.digest("contentDigest"))
    }
  }
}

extension FixtureRefusal {
  fileprivate init(_ json: JSONValue) throws {
    exit = try json.integer("exit")
    rule = try json.string("rule")
    when = try json.string("when")
    why = try json.string("why")
    globals = try json.array("globals").map { global in
      guard let name = global.stringValue else {
        throw FixtureManifest.Malformed(key: "globals")
      }
      return name
    }
  }
}

extension FixtureProblem {
  fileprivate init(_ json: JSONValue) throws {
    let tensor = try json.string("tensor")
    switch try json.string("kind") {
    case "missing": self = .missing(tensor)
    case "unexpected": self = .unexpected(tensor)
    case "shape":
      self = .shape(
        tensor, expected: try json.integers("expected"), found: try json.integers("found"))
    default: throw FixtureManifest.Malformed(key: "kind")
    }
  }
}

extension JSONValue {
  fileprivate func optional(_ key: String) -> JSONValue? {
    self[key].flatMap { $0 == .null ? nil : $0 }
  }

  fileprivate func required<Value>(_ key: String, _ value: Value?) throws -> Value {
    guard let value else { throw FixtureManifest.Malformed(key: key) }
    return value
  }

  fileprivate func string(_ key: String) throws -> String {
    try required(key, self[key]?.stringValue)
  }

  fileprivate func integer(_ key: String) throws -> Int {
    try required(key, self[key]?.integerValue)
  }

  fileprivate func integers(_ key: String) throws -> [Int] {
    try required(key, self[key]?.integerArray)
  }

  fileprivate func array(_ key: String) throws -> [JSONValue] {
    try required(key, self[key]?.arrayValue)
  }

  fileprivate func digest(_ key: String) throws -> SHA256Digest {
    try required(key, SHA256Digest(hex: string(key)))
  }
}
