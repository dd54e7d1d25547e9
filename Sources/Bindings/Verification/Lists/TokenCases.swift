internal import CLIP
internal import Foundation
internal import Language
internal import Store

/// Texts and their tokens, as the libraries compute them that own the vocabularies.
///
/// `vocabulary` names a list of merges beside the list, or is that of the released models, which is
/// not: without it the cases are skipped. A case has `text` and `ids` with both ends; where the
/// repair of wrongly decoded text would make a difference, `ids_ftfy_without_mojibake_repair` counts.
/// With `hf_<name>` beside the list, `hf_ids` (else `ids`) are those of Hugging Face's cleaning.
/// `packed` holds padded rows and what is too long.
struct TokenCases {
  private let list: CaseList
  private let tokenizer: Result<Tokenizer, Missing>
  private let hub: Result<Tokenizer, Missing>?

  /// Why there is no vocabulary.
  private enum Missing: Error {
    /// It is not the project's to give.
    case notThere(String)
    case broken(String)

    var outcome: ReferenceCase.Outcome {
      switch self {
      case .notThere(let why): .skipped(why)
      case .broken(let why): .failed("the vocabulary: \(why)")
      }
    }
  }

  init(_ list: CaseList) {
    self.list = list
    // Tokens to be decoded are those of the texts beside them.
    let prefix = list.path.split(separator: "/").last.map { $0.split(separator: "_")[0] } ?? ""
    let vocabulary =
      list.json["vocabulary"]
      ?? (try? CaseList(reading: list.file("\(prefix)_vocab_cases.json") ?? ""))?.json["vocabulary"]
    tokenizer = Self.tokenizer(vocabulary, list)
    let folder = list.file("hf_\(prefix)") ?? ""
    if FileManager.default.fileExists(atPath: folder) {
      hub = Self.caught { try TokenizerFiles.tokenizer(inFolder: folder, cleaning: .huggingFace) }
    } else {
      hub = nil
    }
  }

  private static func tokenizer(_ vocabulary: JSON?, _ list: CaseList) -> Result<Tokenizer, Missing>
  {
    guard let vocabulary else { return .failure(.broken("the list does not name it")) }
    guard let file = vocabulary["file"]?.string else {
      return caught { try TokenizerFiles.usersTokenizer(cleaning: .openAI) }
    }
    guard let path = list.file(file) else { return .failure(.broken("it is elsewhere")) }
    return caught { try TokenizerFiles.tokenizer(ofMerges: path, cleaning: .openAI) }
  }

  private static func caught(_ read: () throws -> Tokenizer?) -> Result<Tokenizer, Missing> {
    do {
      if let tokenizer = try read() { return .success(tokenizer) }
      return .failure(.notThere("the vocabulary is not here: `make vocab` gets it"))
    } catch let error as StoreError {
      return .failure(.broken(FileFailure(error).message))
    } catch {
      return .failure(.broken("\(error)"))
    }
  }

  // MARK: - Cases

  func cases(_ cases: [JSON]) -> [ReferenceCase] {
    var all: [ReferenceCase] = []
    for (number, entry) in cases.enumerated() {
      all.append(
        reference("\(number)", tokenizer, entry) {
          $0["ids_ftfy_without_mojibake_repair"] ?? $0["ids"]
        })
      if let hub {
        all.append(reference("\(number) hf", hub, entry) { $0["hf_ids"] ?? $0["ids"] })
      }
    }
    let packed = list.json["packed"]?.array ?? []
    return all + packed.enumerated().map(row)
  }

  private func reference(
    _ name: String, _ tokenizer: Result<Tokenizer, Missing>, _ entry: JSON,
    expected: @escaping (JSON) -> JSON?
  ) -> ReferenceCase {
    ReferenceCase(name: name) {
      switch tokenizer {
      case .failure(let missing): return missing.outcome
      case .success(let tokenizer):
        guard let text = entry["text"]?.string, let ids = Self.ids(expected(entry)) else {
          return .failed("it has no text, or no ids")
        }
        let own = [tokenizer.startOfText] + tokenizer.encode(text) + [tokenizer.endOfText]
        return Self.compare(own, ids, of: text)
      }
    }
  }

  private func row(_ number: Int, _ entry: JSON) -> ReferenceCase {
    ReferenceCase(name: "packed/\(number)") {
      switch tokenizer {
      case .failure(let missing): return missing.outcome
      case .success(let tokenizer):
        guard let text = entry["text"]?.string, let length = entry["context_length"]?.int,
          (0...1 << 20).contains(length)
        else {
          return .failed("it has no text, or no context_length of a model")
        }
        do throws(CLIPError) {
          let own = try tokenizer.row(
            of: text, length: length, truncated: entry["truncate"]?.bool ?? false)
          guard let ids = Self.ids(entry["padded"]) else { return .failed("it was not refused") }
          return Self.compare(own, ids, of: text)
        } catch {
          guard entry["error"] != nil else { return .failed("it was refused: \(error)") }
          return .passed(.init(entry: "refused", error: Engine.fault(error).message))
        }
      }
    }
  }

  /// Ids, and the text that they come to.
  func decoding(_ pairs: [JSON]) -> [ReferenceCase] {
    pairs.enumerated().map { number, entry in
      ReferenceCase(name: "\(number)") {
        switch tokenizer {
        case .failure(let missing): return missing.outcome
        case .success(let tokenizer):
          guard let text = entry["text"]?.string, let ids = Self.ids(entry["ids"]) else {
            return .failed("it has no ids, or no text")
          }
          guard let own = try? tokenizer.decode(ids) else { return .failed("ids were refused") }
          return own.utf8.elementsEqual(text.utf8)
            ? .passed(.init(entry: "\(ids.count) ids", error: "equal"))
            : .failed("\"\(own)\", not \"\(text)\"")
        }
      }
    }
  }

  private static func ids(_ json: JSON?) -> [Int]? {
    let ids = json?.array?.compactMap(\.int)
    return ids?.count == json?.array?.count ? ids : nil
  }

  private static func compare(_ own: [Int], _ ids: [Int], of text: String) -> ReferenceCase.Outcome
  {
    guard own != ids else { return .passed(.init(entry: "\(ids.count) ids", error: "equal")) }
    let place = zip(own, ids).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    return .failed(
      "\"\(text.prefix(60))\": other ids from place \(place ?? min(own.count, ids.count)) on")
  }
}
