import Autograd
import CLIP
import Foundation
import Tensor
import TestSupport
import Testing

/// Byte-pair encoding: cutting, joining, decoding, files.
struct TokenizerTests {
  /// A vocabulary without merges: its tokens are bytes.
  static let bytes = Merges([])
  static let small = Merges(["l o", "lo w</w>", "l o", "lo w", "e r</w>", "low er</w>"])

  /// Tokenizers are not for several threads; each test makes its own.
  struct Merges: Sendable {
    let lines: [String]
    init(_ lines: [String]) { self.lines = lines }

    func tokenizer() throws -> Tokenizer {
      try Tokenizer(merges: (["#version: test"] + lines).joined(separator: "\n"))
    }
  }

  @Test func `pairs are joined in the order of the merges`() throws {
    let tokenizer = try Self.small.tokenizer()
    #expect(tokenizer.count == 512 + 6 + 2)
    #expect(tokenizer.startOfText == 518 && tokenizer.endOfText == 519)
    #expect(tokenizer.encode("low") == [513])
    #expect(tokenizer.encode("lower") == [517])
    #expect(tokenizer.encode("lo") == [75, 256 + 78])
    #expect(tokenizer.encode("Low LOWER, low.") == [513, 517, 256 + 11, 513, 256 + 13])
  }

  @Test func `words are letters, single digits, contractions and runs of marks`() throws {
    let tokenizer = try Self.bytes.tokenizer()
    let cut = [
      "it's 2012": "it 's 2 0 1 2 ", "don't!!": "don 't !! ", "a_b": "a _ b ", "x²½": "x ² ½ ",
      "C++ & C#": "c ++ & c # ", "'sabc": "'s abc ", "?!'s": "?!' s ",
      "हिन्दी": "ह ि न ् द ी ", "日本語 text": "日本語 text ", "👨‍👩‍👧 x": "👨‍👩‍👧 x ",
      "<|startoftext|>a<|endoftext|>": "<|startoftext|>a <|endoftext|>",
    ]
    for (text, words) in cut {
      #expect(try tokenizer.decode(tokenizer.encode(text)) == words, "\(text)")
    }
  }

  @Test func `texts are cleaned`() throws {
    let tokenizer = try Self.bytes.tokenizer()
    let cleaned = [
      "": "", " \t\n\u{A0}\u{3000}": "", "  A\t\nB ": "a b ", "caf&eacute; &#233;&#xE9": "café éé ",
      "&amp;amp;lt;": "< ", "&notit; &copy": "¬ it ; © ", "&nosuch; &;&": "& nosuch ; &;& ",
      "&#128; &#xD800; &#99999999999999999999;": "€ \u{FFFD} \u{FFFD} ", "&#1;&#xFFFF;x": "x ",
      "&EACUTE;": "é ", "&lt&#59;": "<; ", "&frac12\u{301}": "½ \u{301} ",
      "<b>&amp;amp;": "< b >& ", "&#; &#x; &#xg;": "&#; &# x ; &# xg ; ",
      "ﬁne ﬀ Ǆ": "fine ff dž ", "Ｆ２ｶﾞ￥": "f 2 ガ ¥ ", "“a” ‘b’": "\" a \" ' b ' ",
      "\u{1B}[1;31mred\u{1B}[x\u{1B}": "red ", "a\u{0}b\u{FEFF}\u{7F}c": "abc ",
      "a\r\nb\u{2028}c": "a b c ", "e\u{301}A\u{30A}": "éå ", "\u{1112}\u{1161}\u{11AB}": "한 ",
      "ΑΣ ΣΑΣ. Σ": "ας σας . σ ", "\u{130}": "i \u{307} ",
      "zero\u{200B}width": "zero \u{200B} width ", "'\u{17F} a\u{345}b": "'\u{17F} a b ",
      "\u{1B}[\u{FB00}g": "fg ", "\u{1B}[\u{663}Us": "s ", "&lt;&amp;amp;amp;amp;gt;": "<> ",
    ]
    for (text, words) in cleaned {
      #expect(try tokenizer.decode(tokenizer.encode(text)) == words, "\(text.debugDescription)")
    }
  }

  /// Equal as strings of Swift, but not in their bytes: the second may not be taken for the first.
  @Test func `the order of texts does not matter`() throws {
    let pairs = [("각", "\u{1100}\u{1161}\u{11A8}"), ("\u{8C48}", "\u{F900}"), ("Å", "\u{212B}")]
    for (a, b) in pairs {
      let (first, second) = (try Self.bytes.tokenizer(), try Self.bytes.tokenizer())
      let ab = (first.encode(a), first.encode(b))
      let ba = (second.encode(b), second.encode(a))
      #expect(ab.0 == ba.1 && ab.1 == ba.0)
    }
  }

  @Test func `very long texts are cut in reasonable time`() throws {
    let tokenizer = try Self.small.tokenizer()
    let word = String(repeating: "low", count: 300_000)
    #expect(tokenizer.encode(word).count == 300_000)
    #expect(tokenizer.encode(String(repeating: "low ", count: 100_000)).count == 100_000)
    #expect(tokenizer.encode("&" + String(repeating: "amp;", count: 50_000)).count > 1)
    #expect(!tokenizer.encode(String(repeating: "é😀", count: 100_000)).isEmpty)
  }

  @Test func `a row has its ends and its padding`() throws {
    let tokenizer = try Self.small.tokenizer()
    #expect(try tokenizer.row(of: "low", length: 5) == [518, 513, 519, 0, 0])
    #expect(try tokenizer.row(of: "", length: 2) == [518, 519])
    #expect(throws: CLIPError.textTooLong("low low", tokens: 4, limit: 3)) {
      try tokenizer.row(of: "low low", length: 3)
    }
    #expect(try tokenizer.row(of: "low low", length: 3, truncated: true) == [518, 513, 519])
    #expect(try tokenizer.row(of: "low low", length: 1, truncated: true) == [519])
    for length in [0, -1, Int.min] {
      #expect(throws: CLIPError.self) {
        try tokenizer.row(of: "low", length: length, truncated: true)
      }
    }
  }

  /// What the original does with two merges of one product: the last is what the text becomes.
  @Test func `of merges that make the same the last gives the id`() throws {
    let tokenizer = try Merges(["a b", "b c</w>", "a bc</w>", "ab c</w>"]).tokenizer()
    #expect(tokenizer.encode("abc") == [515])
    #expect(tokenizer.encode("bc") == [513])
  }

  @Test func `one word of a million bytes is joined in reasonable time`() throws {
    let letters = (0..<24).map { String(Unicode.Scalar(UInt8(97 + $0))) }
    let tokenizer = try Merges(letters.map { "\($0) \($0)" } + letters.map { "\($0) a" })
      .tokenizer()
    var state: UInt32 = 1
    let word = String(
      decoding: (0..<1_000_000).map { _ -> UInt8 in
        state = state &* 1_664_525 &+ 1_013_904_223
        return 97 + UInt8((state >> 24) % 24)
      }, as: UTF8.self)
    let start = ContinuousClock.now
    let ids = tokenizer.encode(word)
    #expect(try tokenizer.decode(ids) == word + " ")
    #expect(start.duration(to: .now) < .seconds(60))
  }

  @Test func `ids outside the vocabulary are refused`() throws {
    let tokenizer = try Self.small.tokenizer()
    for id in [-1, 520, Int.max, Int.min] {
      let error = CLIPError.tokens("id \(id) is outside the vocabulary of 520")
      #expect(throws: error) { try tokenizer.decode([1, id]) }
      #expect(throws: error) { try tokenizer.tokens(of: .tokens([id])) }
    }
    #expect(try tokenizer.tokens(of: .tokens([519, 0])) == [519, 0])
    #expect(try tokenizer.decode([]) == "")
    #expect(try tokenizer.decode([127, 102]) == "\u{E9}")
    #expect(try tokenizer.decode([127, 127]) == "\u{FFFD}\u{FFFD}")
  }

  @Test func `a vocabulary is the same after a file`() throws {
    let tokenizer = try Self.small.tokenizer()
    let merges = tokenizer.vocabulary.merges
    #expect(try Tokenizer(merges: merges).vocabulary == tokenizer.vocabulary)
    let windows = try Tokenizer(merges: merges.replacing("\n", with: "\r\n") + "\r\n")
    #expect(windows.vocabulary == tokenizer.vocabulary)
    #expect(try Tokenizer(Vocabulary(merges: merges), limit: 2).count == 516)
    #expect(try Tokenizer(merges: "").count == 514)
    #expect(try Tokenizer(Vocabulary(merges: merges), limit: -1).count == 514)
  }

  @Test(arguments: [
    "a", "a b c", "a  ", "\u{0}\u{0}", "a \u{0}b", "a é\u{301}", "a </w>",
    "ж x", "a  b", String(repeating: "a", count: 100_000),
  ]) func `lines that are no merges are refused with their number`(_ line: String) {
    #expect {
      try Tokenizer(merges: "#version\n\na b\n\(line)\n")
    } throws: { error in
      guard case CLIPError.vocabulary(let reason)? = error as? CLIPError else { return false }
      return reason.hasPrefix("line 4 is not two symbols") && reason.count < 100
    }
  }

  /// Merges of symbols that nothing makes, twice the same, or into each other are useless, no more.
  @Test func `absurd merges do no harm`() throws {
    let tokenizer = try Merges(["abc def", "a b", "a b", "ab ab", "b a", "a bab", "ab</w> a"])
      .tokenizer()
    for text in ["a", "ab", "abab", "ababab", "bababa"] {
      #expect(try tokenizer.decode(tokenizer.encode(text)) == text + " ")
    }
  }

  @Test func `a list of merges has an end`() throws {
    let merges = "#\n" + String(repeating: "a b\n", count: 1_000_001)
    #expect(throws: CLIPError.vocabulary("more than 1000000 merges")) {
      try Tokenizer(Vocabulary(merges: merges))
    }
  }

  @Test func `the word lists of a model without a vocabulary are refused`() throws {
    let clip = try CLIP(TinyCLIP.weights(), tokenizer: nil)
    #expect(throws: CLIPError.noVocabulary) { try clip.wordVectors(.text("a")) }
    #expect(throws: CLIPError.noVocabulary) {
      try clip.text.encode(.names(["a"]), as: .plain, learned: nil, prompts: nil, tokenizer: nil)
    }
    #expect(throws: CLIPError.self) { try clip.wordVectors(.tokens([3, 60])) }
    #expect(throws: CLIPError.self) { try clip.wordVectors(.tokens([-1])) }
    #expect(try clip.wordVectors(.tokens([])).shape == [0, 24])
    #expect(throws: CLIPError.vocabulary("514 ids, and the model has 60")) {
      try CLIP(TinyCLIP.weights(), tokenizer: Self.bytes.tokenizer())
    }
  }

  @Test func `names that are too long are refused with their length`() throws {
    var architecture = TinyCLIP.architecture
    architecture.vocabularySize = 520
    let tokenizer = try Self.small.tokenizer()
    let clip = try CLIP(TinyCLIP.weights(architecture), tokenizer: tokenizer)
    let long = String(repeating: "low ", count: 75)
    let encode = { (name: String, form: PromptForm) in
      try clip.text.encode(
        .names(["low", name]), as: form, learned: nil, prompts: nil, tokenizer: tokenizer)
    }
    #expect(try encode(long, .plain).shape == [2, 16])
    #expect(throws: CLIPError.textTooLong(long + "low", tokens: 78, limit: 77)) {
      try encode(long + "low", .plain)
    }
    let cut = try encode("low <|endoftext|> low", .plain).value.elements
    #expect(Array(cut[..<16]) == Array(cut[16...]), "nothing after the end of text is read")
    #expect(try encode("", .plain).shape == [2, 16])
    #expect(try encode("", .words(.text(""), learned: 0, rows: 0)).shape == [2, 16])
    for rows in [-1, 78, Int.max, Int.min] {
      #expect(throws: CLIPError.self) { try encode("low", .words(nil, learned: 0, rows: rows)) }
      #expect(throws: CLIPError.self) { try encode("low", .words(nil, learned: rows, rows: 0)) }
      #expect(throws: CLIPError.self) {
        try encode("low", .context(count: rows, perClass: true, position: .middle))
      }
    }
  }

  @Test func `token tables that are no prompts are refused`() throws {
    let wrong: [(ids: [[Int]], lengths: [Int])] = [
      ([[1, 2, 3]], []), ([[]], [0]), ([[-1, 5, 9]], [0]), ([[1, 2, 3]], [1]), ([[1, 2, 3]], [-1]),
      ([[1, 2, 3, 4]], [.max]), ([[1, 2, 3, 4]], [.min]),
    ]
    for table in wrong {
      #expect(throws: CLIPError.self) {
        try TokenTable(ids: table.ids, nameLengths: table.lengths)
      }
    }
  }
}
