import ByteIO

/// A report as one HTML page that fetches nothing.
///
/// The same contents give the same bytes: no date, no random number.
public struct ReportPage: Sendable {
  /// How many tensors are listed one by one; `tensors --stats` lists all.
  public static let tensorLimit = 2000
  /// How many findings of a rule, and tensors that only one file has, are listed.
  public static let rowLimit = 100

  /// How many pairs of a comparison are listed: enough for every published size.
  static let pairLimit = 400
  /// How many stages are drawn, and layers of a stage listed.
  static let stageLimit = 12
  static let layerLimit = 1000
  /// How many labels are listed, and lines of the description of how images are prepared.
  static let labelLimit = 25_000
  static let lineLimit = 500

  let contents: ReportContents

  /// Creates a page from what it is to show.
  public init(_ contents: ReportContents) { self.contents = contents }

  /// A part of the page.
  struct Section {
    /// The name that links lead to.
    let anchor: String
    let title: String
    let body: Markup
  }

  /// What is at the end of a list of which only the first rows are shown.
  static func rest(_ count: Int, beyond limit: Int) -> String? {
    count > limit ? "and \(grouped(count - limit)) more" : nil
  }

  /// The parts in order. To add one, add it here: headings and navigation follow.
  private var sections: [Section] {
    [
      identity, health, comparison, quantization, architecture, stages, layers, tensors, labels,
      provenance,
    ].compactMap(\.self)
  }

  /// The page.
  public var html: String {
    let sections = sections
    let page: Markup = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <meta name="generator" content="\(contents.tool)">
      <title>\(title) – \(contents.fileName)</title>
      <style>\(Stylesheet.text)</style>
      </head>
      <body>
      <a class="skip" href="#main">Skip to the content</a>
      <header>
      <p class="kicker">Checkpoint report</p>
      <h1>\(title)</h1>
      <p class="file"><code>\(contents.fileName)</code> <span>\(contents.fileKind)</span></p>
      \(contents.comparison.map { "<p class=\"file\"><span>compared with</span> <code>\($0.fileName)</code> <span>\($0.fileKind)</span></p>" as Markup })
      \(keyFigures)
      <nav aria-label="Sections"><ul>\(sections.map { "<li><a href=\"#\($0.anchor)\">\($0.title)</a></li>" })</ul></nav>
      </header>
      <main id="main">
      \(sections.map { Self.markup(of: $0) })
      </main>
      <footer><p>Made by \(contents.tool). This page is complete in itself and loads nothing.</p></footer>
      <script>\(Script.text)</script>
      </body>
      </html>

      """
    return page.html
  }

  private var title: String { contents.modelName ?? "Not a ConvNeXt" }

  private static func markup(of section: Section) -> Markup {
    """
    <section id="\(section.anchor)" aria-labelledby="\(section.anchor)-title">
    <h2 id="\(section.anchor)-title">\(section.title)</h2>
    \(section.body)
    </section>
    """
  }

  /// Allows this page's own style and script, by their digests, and nothing else.
  private static let policy: String = {
    func source(_ text: Markup) -> String {
      "'sha256-\(base64(SHA256Digest(of: text.html).bytes))'"
    }
    return [
      "default-src 'none'", "style-src \(source(Stylesheet.text))",
      "script-src \(source(Script.text))", "base-uri 'none'", "form-action 'none'",
    ].joined(separator: "; ")
  }()
}
