internal import CLIP
package import Language

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
      Native(
        "encode(text: String, length: Int? = nil, truncate: Bool = false) -> List",
        """
        The token ids of a text, without its ends; with a `length` the row that a model reads: start, \
        ids, end and padding. A longer text is an error, unless it is to be truncated.
        """,
        example: "train_vocabulary([\"aa ab\"], 10).encode(\"aa\", length: 4)\n[514, 512, 515, 0]"
      ) { arguments in
        let tokenizer = try arguments.receiver(as: VocabularyValue.self).tokenizer
        let text = try arguments.string(0)
        guard let length = try arguments.optionalInt(1) else {
          guard try !arguments.bool(2) else { throw arguments.fault(2, "needs a `length`") }
          return Value(tokenizer.encode(text).map(Value.int))
        }
        guard (1...1 << 20).contains(length) else {
          throw arguments.fault(1, "must be from 1 to \(1 << 20)")
        }
        let row = try tokenizer.row(of: text, length: length, truncated: arguments.bool(2))
        return Value(row.map(Value.int))
      },
      Native(
        "decode(ids: List) -> String", "The text of token ids, with a space after each word.",
        example: "train_vocabulary([\"aa ab\"], 10).decode([512]) + \".\"\naa ."
      ) {
        let vocabulary: VocabularyValue = try $0.receiver()
        return Value(try vocabulary.tokenizer.decode($0.ints(0)))
      },
    ]
  }
}
