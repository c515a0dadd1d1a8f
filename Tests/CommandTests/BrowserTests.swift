import ByteIO
import Foundation
import TestSupport
import Testing

/// A browser that runs without a screen.
private enum Browser {
  static let path: String? = {
    let named = ProcessInfo.processInfo.environment["CHROMIUM"].map { [$0] } ?? []
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = names.flatMap { name in folders.map { "\($0)/\(name)" } }
    let application = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return (named + found + [application]).first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }()

  /// What a page became after its script ran, and what was logged to the browser's console.
  struct Page {
    let dom: String
    let console: [String]
  }

  /// Loads a page, which must lie in `folder`.
  static func load(_ file: String, in folder: TemporaryFolder) throws -> Page {
    let result = try ProcessResult(running: [
      try #require(path), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-dev-shm-usage", "--user-data-dir=\(folder.path("profile"))",
      "--enable-logging=stderr", "--dump-dom", "file://\(folder.path(file))",
    ])
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    let dom = try #require(
      result.output.ranges(of: "<!DOCTYPE html>").first, "\(result.output.prefix(500))")
    return Page(
      dom: String(result.output[dom.lowerBound...]),
      console: lines.filter { $0.contains(":CONSOLE") }.map(String.init))
  }
}

/// The page in a real browser. `./dev browser` installs one where there is none.
@Suite(
  "Report in a browser",
  .enabled(if: Browser.path != nil, "no Chromium is installed; ./dev browser does it"),
  .serialized)
struct BrowserTests {
  private func report(_ files: [String], in folder: TemporaryFolder) throws {
    let result = try Command.run(["report", "-o", folder.path("page.html"), "--force"] + files)
    #expect(result.status == 0)
  }

  @Test("shows the numbers of inspect, runs its script, and has nothing to complain of")
  func numbers() throws {
    let folder = try TemporaryFolder()
    let file = Fixtures.path("digits/convnext_digits.pth")
    try report([file], in: folder)
    let page = try Browser.load("page.html", in: folder)
    #expect(page.console == [])
    let json = try Command.run("inspect", file, "--json").json()
    let stages = try #require(json["stages"]?.arrayValue)
    for stage in stages {
      let name = try #require(stage["name"]?.stringValue)
      let parameters = grouped(try #require(stage["parameters"]?.integerValue))
      let row = try #require(
        page.dom.split(separator: "\n").first { $0.contains("<th scope=\"row\">\(name)</th>") })
      #expect(row.contains("<span>\(parameters) "))
    }
    // Written by the script, so the policy lets it run.
    #expect(page.dom.contains("<span role=\"status\">65 of 65 tensors</span>"))
    #expect(!page.dom.contains("<div class=\"controls\" hidden"))
  }

  @Test("two files, one of them sick, under hostile names")
  func hostile() throws {
    let folder = try TemporaryFolder()
    let name =
      "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
    let names = [name, "</style><script>document.title='hacked'</script>", "a&b", "'\"><b>"]
    let first = try folder.writeSafetensors(names: names, to: "a'\"<b>&.safetensors")
    let second = try folder.writeSafetensors(
      names: names + ["only <i>here</i>"], to: "b.safetensors")
    try report([first, second], in: folder)
    let page = try Browser.load("page.html", in: folder)
    #expect(page.console == [])
    #expect(page.dom.contains("<title>Not a ConvNeXt – a'\"&lt;b&gt;&amp;.safetensors</title>"))
    #expect(!page.dom.contains("<img"))
    #expect(page.dom.contains("<code>&lt;img src=x onerror="))
    #expect(page.dom.contains("<strong>different: 1 extra</strong>"))
  }

  @Test("a link to a tensor opens it")
  func links() throws {
    let folder = try TemporaryFolder()
    try report([Fixtures.path("safetensors/dtypes.safetensors")], in: folder)
    let page = try Browser.load("page.html#t0", in: folder)
    #expect(page.console == [])
    #expect(page.dom.contains("<details class=\"tensor\" id=\"t0\" open"))
    #expect(page.dom.contains("<details class=\"tensor\" id=\"t1\">"))
  }

  @Test(
    "foreign scripts, styles and pictures would be refused, and be seen",
    arguments: [
      "<script>document.title = 'changed'</script>", "<p style=\"color: red\"></p>",
      "<style>p { color: red }</style>", "<img src=\"file:///tmp/a.png\">",
      "<p onclick=\"1\"></p><script src=\"file:///tmp/a.js\"></script>",
    ])
  func policy(addition: String) throws {
    let folder = try TemporaryFolder()
    try report([Fixtures.path("torch/mlp.pth")], in: folder)
    let html = String(decoding: try folder.bytes("page.html"), as: UTF8.self)
    try folder.write(html.replacing("</main>", with: "\(addition)</main>").utf8, to: "changed.html")
    let page = try Browser.load("changed.html", in: folder)
    #expect(page.console.contains { $0.contains("Content Security Policy") })
    #expect(page.dom.contains("<title>Not a ConvNeXt"))
  }
}
