import CLIP
import Foundation
import TestSupport
import Testing

/// Encoding and decoding against the released tokenizer (ftfy included) with a small vocabulary, and
/// training against the prototype.
struct TokenizerParityTests {
  private struct Cases: Decodable {
    let cases: [Case]
  }

  private struct Case: Decodable {
    let text: String
    let ids: [Int]
    /// What comes out without the guesses about wrongly decoded text.
    let withoutGuesses: [Int]?

    enum CodingKeys: String, CodingKey {
      case text, ids
      case withoutGuesses = "ids_ftfy_without_mojibake_repair"
    }
  }

  private struct Decoded: Decodable {
    let ids: [Int]
    let text: String
  }

  private func tokenizer() throws -> Tokenizer {
    let merges = try ReferenceFiles.vectors("clip/tokenizer/hf_tiny/merges.txt")
    return try Tokenizer(merges: String(decoding: merges, as: UTF8.self))
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `texts have the ids of the released tokenizer`() throws {
    let tokenizer = try tokenizer()
    #expect(tokenizer.count == 600)
    let cases = try JSONDecoder().decode(
      Cases.self, from: ReferenceFiles.vectors("clip/tokenizer/tiny_vocab_cases.json")
    ).cases
    #expect(cases.count > 100)
    for example in cases {
      let ids = [tokenizer.startOfText] + tokenizer.encode(example.text) + [tokenizer.endOfText]
      #expect(
        ids == example.withoutGuesses ?? example.ids, "\(example.text.debugDescription)")
    }
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `ids have the texts of the released tokenizer`() throws {
    let tokenizer = try tokenizer()
    let cases = try JSONDecoder().decode(
      [Decoded].self, from: ReferenceFiles.vectors("clip/tokenizer/tiny_vocab_decode.json"))
    #expect(cases.count > 30)
    for example in cases { #expect(try tokenizer.decode(example.ids) == example.text) }
  }

  /// Only how often each word occurs matters to training, so the captions themselves are not needed.
  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `the embedded model's vocabulary comes out of its captions`() throws {
    let counts = try JSONDecoder().decode(
      [String: Int].self, from: ReferenceFiles.golden("words.json"))
    #expect(counts.values.reduce(0, +) == 387_218)
    let texts = counts.map { Array(repeating: $0.key, count: $0.value).joined(separator: " ") }
    let tokenizer = try Tokenizer.trained(on: texts, limit: 480)
    let merges = String(
      decoding: try ReferenceFiles.vectors("mini/merges.txt"), as: UTF8.self)
    #expect(
      tokenizer.vocabulary.merges.split(separator: "\n").dropFirst()
        == merges.split(separator: "\n").dropFirst())
    #expect(tokenizer.count == 935)
    for word in counts.keys where word != "." && word != "," {
      #expect(tokenizer.encode(word).count == 1)
    }
  }

  /// The expected merges are the prototype's (Python), ties and all.
  @Test func `training joins the heaviest pair`() throws {
    let texts = [
      "a red circle", "a red square above a blue circle", "three red stars",
      "3 stars, the stars are red!", "blue blue blueberry",
    ]
    let tokenizer = try Tokenizer.trained(on: texts, limit: 14)
    let merges = [
      "a r", "r e", "b l", "bl u", "ar e</w>", "re d</w>", "t h", "ar s</w>", "blu e</w>", "s t",
      "st ars</w>", "c i", "c l", "ci r",
    ]
    let lines = tokenizer.vocabulary.merges.split(separator: "\n").dropFirst()
    #expect(lines.elementsEqual(merges) { $0 == $1 })
    #expect(
      tokenizer.encode("Red starts, 33 blue") == [517, 521, 512, 83, 338, 267, 274, 274, 520])
    #expect(try Tokenizer.trained(on: texts, limit: .max).count == 514 + 32)
    #expect(try Tokenizer.trained(on: texts, limit: -3).count == 514)
    #expect(try Tokenizer.trained(on: ["", " ", "a"], limit: 9).count == 514)
  }
}
