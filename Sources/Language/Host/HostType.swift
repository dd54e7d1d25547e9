/// A type: usable in contracts, on the right of `in`, and as a value.
///
/// The language's own types (`Int`, `List`, …) are declared in the same way as the host's.
package final class HostType {
  /// The name that scripts use.
  package let name: String
  /// What a value of it is, with its article, as in `a list of names`.
  package let article: String
  /// One sentence for `help`.
  package let doc: String
  /// The names of the dimensions that a value of this type binds, such as `["C"]`.
  package let dimensions: [String]
  /// Whether a value is of this type.
  package let accepts: (Value) -> Bool
  /// The sizes of ``dimensions`` for an accepted value, in the same order.
  package let sizes: (Value) -> [Int]
  /// A hint for a value that is refused.
  package let advice: (Value) -> String?
  /// Whether a contract of this type turns an `Int` into a `Float`.
  let widensInt: Bool
  /// The kind of register whose values are all of this type, if there is one: the quick answer.
  let tag: Slot.Tag?

  /// Declares a type.
  ///
  /// - Parameters:
  ///   - name: The name that scripts use.
  ///   - article: What a value of it is, as in `a list of names`; by default the name.
  ///   - doc: One sentence for `help`.
  ///   - dimensions: The names of the dimensions that a value binds in a contract.
  ///   - sizes: Their sizes.
  ///   - advice: A hint for a value that is refused.
  ///   - accepts: Whether a value is of this type.
  package convenience init(
    _ name: String, article: String? = nil, doc: String, dimensions: [String] = [],
    sizes: @escaping (Value) -> [Int] = { _ in [] },
    advice: @escaping (Value) -> String? = { _ in nil }, accepts: @escaping (Value) -> Bool
  ) {
    self.init(
      name, article: article, doc: doc, dimensions: dimensions, sizes: sizes, advice: advice,
      widensInt: false, tag: nil, accepts: accepts)
  }

  init(
    _ name: String, article: String? = nil, doc: String, dimensions: [String] = [],
    sizes: @escaping (Value) -> [Int] = { _ in [] },
    advice: @escaping (Value) -> String? = { _ in nil }, widensInt: Bool = false,
    tag: Slot.Tag?, accepts: @escaping (Value) -> Bool
  ) {
    self.name = name
    self.article = article ?? Self.withArticle(name)
    self.doc = doc
    self.dimensions = dimensions
    self.sizes = sizes
    self.advice = advice
    self.widensInt = widensInt
    self.tag = tag
    self.accepts = accepts
  }

  /// A word with `a` or `an` before it.
  static func withArticle(_ word: String) -> String {
    let vowels: Set<Character> = ["A", "E", "I", "O", "a", "e", "i", "o"]
    return word.first.map { vowels.contains($0) } == true ? "an \(word)" : "a \(word)"
  }
}
