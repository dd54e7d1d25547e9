import Bindings
import Foundation
import Language
import ScriptSupport
import Testing

/// What the engine and the library say of themselves.
struct DocumentationTests {
  static let library = TestEngine.root.appendingPathComponent("stdlib")

  /// The library's scripts, by their path below `stdlib`.
  static let files: [String] = {
    let files = FileManager.default.enumerator(atPath: library.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".duet") }.sorted()
  }()

  private static func text(_ file: String) throws -> String {
    try String(contentsOf: library.appendingPathComponent(file), encoding: .utf8)
  }

  static let libraryExamples = files.flatMap { file in
    DocumentedExample.all(in: (try? text(file)) ?? "", file: file)
  }

  static let nativeExamples: [DocumentedExample] = {
    guard let session = try? TestEngine().session else { return [] }
    let methods = ClipValue.methods + PromptSiteValue.methods + VocabularyValue.methods
    return (session.interpreter.host.natives + methods).compactMap { native in
      guard let lines = native.example?.split(separator: "\n", maxSplits: 1), lines.count == 2
      else {
        return nil
      }
      return DocumentedExample(
        place: native.name, code: String(lines[0]), output: String(lines[1]))
    }
  }()

  @Test(arguments: libraryExamples + nativeExamples)
  func `an example shows what it says`(_ example: DocumentedExample) throws {
    let engine = try TestEngine()
    let lines = example.code.components(separatedBy: "\n")
    try engine.printed(lines.dropLast().joined(separator: "\n"))
    let last = lines.last ?? ""
    let shown = try engine.printed(last.hasPrefix("try ") ? last : "print(\(last))")
    #expect(shown.joined(separator: "\n") == example.output)
  }

  @Test func `there are examples`() {
    #expect(Self.libraryExamples.count > 20 && Self.nativeExamples.count > 20)
  }

  @Test(arguments: files)
  func `nothing is wrong with a file of the library`(_ file: String) throws {
    let engine = try TestEngine()
    let diagnostics = engine.session.check(try Self.text(file), name: "stdlib/\(file)")
    // The prelude imports for others.
    let isUseful = { (message: String) in
      file != "prelude.duet" || !message.hasSuffix("is imported and not used")
    }
    #expect(diagnostics.filter { isUseful($0.message) }.map { "\($0.line): \($0.message)" } == [])
  }

  /// Outputs of examples, which stand behind `## >` to the end of the comment, may be wider.
  @Test(arguments: files)
  func `no line of the library is longer than 90 columns`(_ file: String) throws {
    var isExample = false
    for (number, line) in try Self.text(file).components(separatedBy: "\n").enumerated() {
      let text = line.drop { $0 == " " }
      isExample = text.hasPrefix("##") && (isExample || text.hasPrefix("## >"))
      let isOutput = isExample && !text.hasPrefix("## >")
      #expect(line.count <= 90 || isOutput, "\(file):\(number + 1)")
    }
  }

  @Test(arguments: files.filter { $0.hasPrefix("methods/") })
  func `the head of a method tells its paper, what is learned and what is frozen`(
    _ file: String
  ) throws {
    let lines = try Self.text(file).components(separatedBy: "\n")
    let head = lines.drop { !$0.hasPrefix("##") }.prefix { $0.hasPrefix("##") }
    let text = head.map { $0.dropFirst(3) }.joined(separator: " ")
    let venue = /(CVPR|ECCV|ICCV|ICLR|ICML|IJCAI|IJCV) 20\d\d/
    #expect(text.contains(venue) && text.contains(/arXiv \d{4}\.\d{5}/), "\(file)")
    #expect(text.contains("Learned: ") && text.contains("Frozen: "), "\(file)")
  }

  @Test func `every signature of the engine can be read`() throws {
    #expect(try TestEngine().session.brokenNatives == [])
  }

  @Test func `every word of the engine has a text, and every one of the prelude an example`() throws
  {
    let engine = try TestEngine()
    for native in engine.session.interpreter.host.natives {
      #expect(!native.doc.isEmpty, "\(native.name)")
    }
    let imports = try Self.text("prelude.duet").components(separatedBy: "\n").filter {
      $0.hasPrefix("import ")
    }
    for name in imports.flatMap({ $0.split(separator: ":")[1].split(separator: ",") }) {
      let word = name.trimmingCharacters(in: .whitespaces)
      let help = try engine.shown("help(\(word))")
      #expect(help.contains("\n> "), "\(word) has no example")
    }
  }

  @Test func `no method of the library is named in the program`() throws {
    let prelude = try Self.text("prelude.duet")
    let names = prelude.matches(of: /import methods\.\w+: (.+)/).flatMap {
      $0.1.split(separator: ", ").map(String.init)
    }
    #expect(names.contains("BMIP") && names.count > 20)
    let sources = TestEngine.root.appending(path: "Sources").path
    let files = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String }
    for file in try #require(files) where file.hasSuffix(".swift") {
      let words = Set(
        try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
          .split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
      #expect(words.isDisjoint(with: names), "\(file)")
    }
  }
}
