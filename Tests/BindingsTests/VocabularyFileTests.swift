import Bindings
import CLIP
import Foundation
import Store
import TestSupport
import Testing

/// Vocabularies from the files of checkpoints, against the libraries that own them.
struct VocabularyFileTests {
  /// Made by the library `tokenizers` 0.23 and by OpenAI's tokenizer (with ftfy 6.3, its guesses about
  /// wrongly decoded text switched off).
  private struct Golden: Decodable {
    /// A `tokenizer.json` whose ids do not follow from its merges, and which has added tokens.
    let tokenizer: String
    /// The same merges, and the ids that follow from them.
    let merges: String
    let vocab: [String: Int]
    let cases: [Case]

    struct Case: Decodable {
      let text: String
      /// By `tokenizer`.
      let hf: [Int]
      /// By `merges`.
      let openai: [Int]
    }
  }

  private let golden: Golden

  init() throws {
    golden = try JSONDecoder().decode(
      Golden.self, from: ReferenceFiles.golden("vocabulary.json"))
  }

  private func tokenizer(
    _ files: [String: String], cleaning: Vocabulary.Cleaning = .openAI
  ) throws -> Tokenizer {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    return try #require(try TokenizerFiles.tokenizer(inFolder: folder.path, cleaning: cleaning))
  }

  private func ids(_ text: String, _ tokenizer: Tokenizer) -> [Int] {
    [tokenizer.startOfText] + tokenizer.encode(text) + [tokenizer.endOfText]
  }

  private var plain: [String: String] {
    get throws {
      let vocab = String(decoding: try JSONEncoder().encode(golden.vocab), as: UTF8.self)
      return ["vocab.json": vocab, "merges.txt": golden.merges]
    }
  }

  @Test func `a tokenizer json gives the ids of its library`() throws {
    let tokenizer = try tokenizer(["tokenizer.json": golden.tokenizer], cleaning: .huggingFace)
    #expect(tokenizer.vocabulary.ids != nil)
    for example in golden.cases {
      #expect(ids(example.text, tokenizer) == example.hf, "\(example.text.debugDescription)")
    }
  }

  @Test func `merges in either spelling are the same`() throws {
    let old = golden.tokenizer.replacing(/\[("[^"]+)", ("[^"]+")\]/) {
      "\($0.1) \($0.2.dropFirst())"
    }
    #expect(old.contains("\"p h\""))
    let (a, b) = (
      try tokenizer(["tokenizer.json": golden.tokenizer]), try tokenizer(["tokenizer.json": old])
    )
    #expect(a.vocabulary == b.vocabulary)
  }

  @Test func `ids that follow from the merges need no list`() throws {
    let tokenizer = try tokenizer(plain)
    #expect(tokenizer.vocabulary.ids == nil && tokenizer.vocabulary.added.isEmpty)
    #expect(tokenizer.count == golden.vocab.count)
    for example in golden.cases {
      #expect(ids(example.text, tokenizer) == example.openai, "\(example.text.debugDescription)")
    }
  }

  @Test func `special tokens are a text or an object`() throws {
    for pad in ["\"!\"", "{\"content\": \"!\", \"normalized\": true}"] {
      let map = try tokenizer(
        plain.merging(["special_tokens_map.json": "{\"pad_token\": \(pad)}"]) { $1 })
      #expect(map.padding == 0)
      #expect(try map.row(of: "", length: 4).suffix(2) == [0, 0])
    }
    let standard = try tokenizer(plain)
    #expect(standard.padding == standard.endOfText)
    let configured = try tokenizer(
      plain.merging([
        "tokenizer_config.json": "{\"pad_token\": \"<|startoftext|>\"}",
        "special_tokens_map.json": "{\"pad_token\": \"!\"}",
      ]) { $1 })
    #expect(configured.padding == configured.startOfText)
  }

  @Test func `added tokens stand beside a vocab json`() throws {
    let first = golden.vocab.count
    for files in [
      ["added_tokens.json": "{\"<cat>\": \(first)}"],
      [
        "tokenizer_config.json":
          "{\"added_tokens_decoder\": {\"\(first)\": {\"content\": \"<cat>\"}}}"
      ],
    ] {
      let tokenizer = try tokenizer(plain.merging(files) { $1 })
      #expect(tokenizer.encode("a <cat>").last == first)
      #expect(tokenizer.count == first + 1)
      #expect(try tokenizer.decode([first]) == "<cat>")
    }
  }

  @Test(arguments: [
    ("\"NFC\"", "\"NFKC\"", "the normalizer NFKC, Replace, Lowercase"),
    ("\"Lowercase\"", "\"StripAccents\"", "the normalizer NFC, Replace, StripAccents"),
    ("\"content\": \" \"", "\"content\": \"_\"", "replaces something else"),
    ("[\\\\p{N}]", "[\\\\p{N}]+", "a pre_tokenizer that splits in another way than CLIP's"),
    ("\"Split\"", "\"Whitespace\"", "the pre_tokenizer Whitespace, ByteLevel"),
    ("\"add_prefix_space\": false", "\"add_prefix_space\": true", "ByteLevel of another kind"),
    ("\"BPE\"", "\"WordPiece\"", "the model WordPiece"),
    ("\"dropout\": null", "\"dropout\": 0.1", "a model with dropout"),
    ("\"</w>\"", "\"@@\"", "a model without the end_of_word_suffix"),
    ("\"RobertaProcessing\"", "\"BertProcessing\"", "the post_processor BertProcessing"),
    ("\"ignore_merges\": false", "\"ignore_merges\": true", "a model with ignore_merges"),
    ("[\"p\", \"h\"]", "[\"p\", \"h\", \"o\"]", "merge 1 is not two symbols"),
    ("[\"p\", \"h\"]", "[\"p\", \"h h\"]", "is not two symbols"),
    ("[\"p\", \"h\"]", "[\"p\", \"q\"]", "`pq` has no id"),
    ("\"merges\"", "\"marges\"", "it has no list `merges`"),
    ("\"id\": 533", "\"id\": 534", "the id 534 is given twice"),
    ("\"id\": 536", "\"id\": -1", "-1 is no id"),
  ]) func `what is not CLIP's is refused by name`(part: String, other: String, reason: String)
    throws
  {
    #expect(golden.tokenizer.contains(part), "\(part)")
    let changed = golden.tokenizer.replacing(part, with: other)
    let folder = try TemporaryFolder()
    try folder.write(changed, to: "tokenizer.json")
    #expect {
      try TestEngine().printed("load_vocabulary(\"\(folder.path)\")")
    } throws: { error in
      "\(error)".contains(reason) && "\(error)".contains("tokenizer.json")
    }
  }

  /// Nothing that a file says may end the process.
  @Test func `hundreds of damaged files end in a vocabulary or an error`() throws {
    let folder = try TemporaryFolder()
    let files = try [("tokenizer.json", golden.tokenizer)] + plain.sorted { $0.key < $1.key }
    var random = Noise(state: 7)
    var (vocabularies, errors) = (0, 0)
    for _ in 0..<150 {
      for (name, text) in files {
        var bytes = Array(text.utf8)
        for _ in 0..<1 + random.below(3) { random.damage(&bytes) }
        let own = name == "tokenizer.json" ? [] : files.filter { $0.0 != "tokenizer.json" }
        for file in try folder.names {
          try FileManager.default.removeItem(atPath: folder.file(file))
        }
        for (other, text) in own { try folder.write(text, to: other) }
        try Data(bytes).write(to: URL(filePath: folder.file(name)))
        for cleaning in Vocabulary.Cleaning.allCases {
          do {
            let tokenizer = try TokenizerFiles.tokenizer(inFolder: folder.path, cleaning: cleaning)
            let ids = try #require(tokenizer).encode("a photo of <cat> & the dog's 12 ÄΣ")
            _ = try tokenizer?.decode(ids)
            vocabularies += 1
          } catch is StoreError {
            errors += 1
          }
        }
      }
    }
    #expect(vocabularies > 10 && errors > 100, "\(vocabularies) and \(errors)")
  }

  @Test func `a model's file keeps its vocabulary, whatever kind it is`() throws {
    let texts = golden.cases.map(\.text).filter { !$0.contains("\"") && !$0.contains("\n") }
    let list = "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    let kinds = try [
      ["tokenizer.json": golden.tokenizer], plain,
      plain.merging(["special_tokens_map.json": "{\"pad_token\": \"!\"}"]) { $1 },
    ]
    for files in kinds {
      for cleaning in Vocabulary.Cleaning.allCases {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(text, to: name) }
        let lines = try TestEngine().printed(
          """
          let v = load_vocabulary("\(folder.path)", cleaning: "\(cleaning.rawValue)")
          let clip = new_clip({
            image_size: 8, patch_size: 8, vision_width: 8, vision_layers: 1, vision_heads: 1,
            text_width: 8, text_layers: 1, text_heads: 1, embed_dim: 8
          }, v)
          save("\(folder.file("clip.h5"))", clip)
          let w = load_clip("\(folder.file("clip.h5"))").vocabulary
          for text in \(list) {
            print(v.encode(text, length: 99) == w.encode(text, length: 99))
          }
          print(v.count == w.count)
          """)
        #expect(lines == [String](repeating: "true", count: texts.count + 1))
      }
    }
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `the reference files give the reference ids`() throws {
    let root = try #require(ReferenceFiles.shared).appending(path: "clip/tokenizer")
    let cases = try JSONDecoder().decode(
      Cases.self, from: ReferenceFiles.vectors("clip/tokenizer/tiny_vocab_cases.json"))
    let folder = root.appending(path: "hf_tiny").path
    let owner = try #require(
      try TokenizerFiles.tokenizer(inFolder: folder, cleaning: .huggingFace))
    let usual = try #require(try TokenizerFiles.tokenizer(inFolder: folder))
    let list = try TokenizerFiles.tokenizer(ofMerges: root.appending(path: "tiny_bpe.txt.gz").path)
    try cases.check(list)
    for example in cases.cases {
      #expect(ids(example.text, owner) == example.hf_ids ?? example.ids)
      #expect(ids(example.text, usual) == ids(example.text, list))
    }
  }

  @Test(
    .enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"),
    .enabled(
      if: (try? TokenizerFiles.usersTokenizer()) != nil, "there is no vocabulary: make vocab"))
  func `the released vocabulary gives the reference ids`() throws {
    let tokenizer = try #require(try TokenizerFiles.usersTokenizer())
    #expect(tokenizer.count == 49_408 && tokenizer.endOfText == 49_407)
    try JSONDecoder().decode(
      Cases.self, from: ReferenceFiles.vectors("clip/tokenizer/real_vocab_cases.json")
    ).check(tokenizer)
  }
}

/// A small generator, so that a failure can be repeated.
private struct Noise {
  var state: UInt64

  mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }

  /// Changes a byte or a bit, writes a large number, or takes out or doubles a stretch.
  mutating func damage(_ bytes: inout [UInt8]) {
    let place = below(bytes.count)
    let end = min(bytes.count, place + below(40))
    switch below(7) {
    case 0: bytes[place] = UInt8(below(256))
    case 1...2: bytes[place] ^= 1 << below(8)
    case 3:
      let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
      guard !digits.isEmpty else { return }
      let number = ["9223372036854775807", "-1", "4294967296", "1e9", "0"][below(5)]
      let digit = digits[below(digits.count)]
      bytes.replaceSubrange(digit...digit, with: number.utf8)
    case 4...5: bytes.removeSubrange(place..<end)
    default: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
    }
  }
}

/// The cases of one vocabulary.
private struct Cases: Decodable {
  let cases: [Case]
  let packed: [Packed]

  struct Case: Decodable {
    let text: String
    let ids: [Int]
    let hf_ids: [Int]?
    let ids_ftfy_without_mojibake_repair: [Int]?
  }

  struct Packed: Decodable {
    let text: String
    let context_length: Int
    let truncate: Bool
    let padded: [Int]?
  }

  func check(_ tokenizer: Tokenizer) throws {
    for example in cases {
      let ids = [tokenizer.startOfText] + tokenizer.encode(example.text) + [tokenizer.endOfText]
      #expect(
        ids == example.ids_ftfy_without_mojibake_repair ?? example.ids,
        "\(example.text.debugDescription)")
    }
    for example in packed {
      let row = try? tokenizer.row(
        of: example.text, length: example.context_length, truncated: example.truncate)
      #expect(row == example.padded)
    }
  }
}
