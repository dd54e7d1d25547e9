package import CLIP
package import Tensor

/// The class embeddings of calls that needed no gradient.
///
/// Evaluation asks for the same classes under the same prompts once for each batch of pictures, and an
/// ensemble for all of its templates. The key is everything that the result depends on: the classes, the
/// form of the prompt, and the fingerprints of all learned rows. When the memo is full it starts anew.
package struct TextMemo {
  package struct Key: Hashable {
    let classes: Classes
    let form: PromptForm
    let rows: [Fingerprint?]

    package init(classes: Classes, form: PromptForm, rows: [Fingerprint?]) {
      self.classes = classes
      self.form = form
      self.rows = rows
    }
  }

  private var entries: [Key: Tensor] = [:]
  private var bytes = 0
  private let limit: Int

  package init(limit: Int = 1 << 28) { self.limit = limit }

  package subscript(key: Key) -> Tensor? { entries[key] }

  package mutating func insert(_ features: Tensor, for key: Key) {
    // The key holds the names.
    let size = 4 * features.count + 256 * key.classes.count
    if bytes + size > limit {
      entries.removeAll(keepingCapacity: true)
      bytes = 0
    }
    entries[key] = features
    bytes += size
  }
}
