/// A table in a source file: lines of columns separated by white space.
enum SourceTable {
  /// The columns of every line, each line split when it is reached.
  ///
  /// Lines are split as bytes, which takes a tenth of the time that characters take: every command
  /// that describes a model reads some tables first.
  static func rows(of table: String) -> some Sequence<[String]> {
    Array(table.utf8).split(separator: UInt8(ascii: "\n")).lazy.map { words(in: $0, by: " ") }
  }

  /// The parts of a column that a character separates.
  static func parts(of column: String, by separator: Unicode.Scalar) -> [String] {
    words(in: Array(column.utf8)[...], by: separator)
  }

  private static func words(in bytes: ArraySlice<UInt8>, by separator: Unicode.Scalar) -> [String] {
    bytes.split(separator: UInt8(ascii: separator)).map { String(decoding: $0, as: UTF8.self) }
  }
}
