internal import Autograd
internal import CLIP
internal import Tensor

/// The class embeddings of the last few calls that needed no gradient.
///
/// Evaluation asks for the same classes under the same prompts once for each batch of pictures. The key
/// is everything that the result depends on: the classes, the form of the prompt, and the fingerprints
/// of all learned rows.
struct TextMemo {
  struct Key: Hashable {
    let classes: Classes
    let form: PromptForm
    let rows: [Fingerprint?]
  }

  private var entries: [(key: Key, features: Tensor)] = []
  private static let capacity = 8

  subscript(key: Key) -> Tensor? { entries.first { $0.key == key }?.features }

  mutating func insert(_ features: Tensor, for key: Key) {
    if entries.count >= Self.capacity { entries.removeFirst() }
    entries.append((key, features))
  }
}
