internal import CLIP
package import Language

/// Classes that were tokenised elsewhere, as scripts hold them.
package final class TokenTableValue: HostObject {
  let table: TokenTable

  init(_ table: TokenTable) { self.table = table }

  package var typeName: String { "TokenTable" }
  package var summary: String { "TokenTable of \(table.rows.count) classes" }
}

extension TokenTableValue: HostSequence {
  package var count: Int { table.rows.count }
  package func element(_ position: Int) throws -> Value {
    Value(table.rows[position].map(Value.int))
  }
}

/// A vocabulary that a script learned or loaded.
package final class VocabularyValue: HostObject {
  let tokenizer: Tokenizer

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  package var typeName: String { "Vocabulary" }
  package var summary: String { "Vocabulary of \(tokenizer.count) ids" }
}

extension VocabularyValue: HostMembers, HostMethods {
  package var memberNames: [String] { ["count"] }
  package func member(_ name: String) throws -> Value? {
    name == "count" ? .int(tokenizer.count) : nil
  }

  package static var methods: [Native] {
    [
      Native("encode(text: String) -> List", "The token ids of a text, without its ends.") {
        let vocabulary: VocabularyValue = try $0.receiver()
        return Value(vocabulary.tokenizer.encode(try $0.string(0)).map(Value.int))
      }
    ]
  }
}
