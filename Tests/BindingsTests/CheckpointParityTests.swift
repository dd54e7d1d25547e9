import Foundation
import TestSupport
import Testing

/// Checkpoints of OpenAI's, Hugging Face's and open_clip's code: what stays of them in a file of Duet's,
/// and what their own vocabularies give. (`duet verify` compares the features themselves.)
@Suite(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
struct CheckpointParityTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let path: String
    let expected: String
    let activation: String
    let texts: [String]?

    var testDescription: String { name }

    static let all: [Case] = {
      struct File: Decodable { let cases: [Case] }
      guard let data = try? ReferenceFiles.vectors("clip/checkpoints/cases.json") else { return [] }
      return (try? JSONDecoder().decode(File.self, from: data).cases) ?? []
    }()
  }

  private static func file(_ name: String) -> String {
    ReferenceFiles.shared?.appending(path: "clip/checkpoints/\(name)").path ?? name
  }

  /// A script's word for how far features are from their reference, in units of the tolerance: rtol 10⁻⁴
  /// and atol 10⁻⁵.
  private static let distance = """
    fn distance(found, expected) =>
      max(abs(found - expected) / (abs(expected) * 0.0001 + 0.00001)).item

    """

  @Test(arguments: Case.all) func `an imported file gives the same bits`(_ test: Case) throws {
    let source = Self.file(test.path)
    let engine = try TestEngine()
    let lines = try engine.printed(
      """
      let path = temporary() + "/clip.h5"
      let facts = import_clip("\(source)", path)
      let own = load_clip("\(source)")
      let stored = load_clip(path)
      let file = "\(Self.file(test.expected))"
      let images = load(file, at: "/image")
      let ids = load(file, at: "/text_ids")
      fn texts(clip) => clip.encode_text(clip.class_tokens(ids))
      print(max(abs(own.encode_image(images) - stored.encode_image(images))).item)
      print(max(abs(texts(own) - texts(stored))).item)
      print(own.digest == stored.digest, facts.digest == stored.digest)
      print(facts.activation)
      """)
    let same = ["0.0", "0.0", "true true"]
    #expect(Array(lines.prefix(3)) == same, "\(lines)")
    let isResNet = test.name.contains("_rn")
    #expect(lines.last == test.activation || isResNet, "\(lines)")
  }

  @Test(arguments: Case.all.filter { $0.texts != nil })
  func `texts become the same features by the folder's vocabulary`(_ test: Case) throws {
    let texts = try #require(test.texts)
    let engine = try TestEngine()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let given = String(decoding: try encoder.encode(texts), as: UTF8.self)
    let lines = try engine.printed(
      Self.distance + """
        let clip = load_clip("\(Self.file(test.path))")
        let expected = load("\(Self.file(test.expected))", at: "/text_features")
        print(distance(clip.encode_text(\(given)), expected[0..<\(texts.count)]))
        """)
    #expect(try #require(Double(lines[0])) <= 1, "\(lines)")
  }
}
