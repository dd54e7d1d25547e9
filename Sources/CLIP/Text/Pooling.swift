/// Which row of a text becomes its feature, told by the ids.
///
/// This is the only place that knows: plans, token tables and texts cut at the row that it names, since
/// attention is causal and nothing behind that row matters. Learned rows count as no id.
package enum Pooling: Hashable, Sendable {
  /// The first row of the largest id: OpenAI's rule, whose end of text is the last id.
  case largest
  /// The first row with this id.
  case first(Int)

  /// What a text without such a row lacks.
  var absence: String {
    switch self {
    case .largest: "no tokens"
    case .first(let id): "no id \(id), at which this CLIP reads a text"
    }
  }

  /// The place of the row among ids, of which nil is a learned row; nil if there is none.
  func position(in ids: [Int?]) -> Int? {
    switch self {
    case .largest:
      guard let largest = ids.lazy.compactMap({ $0 }).max() else { return nil }
      return ids.firstIndex(of: largest)
    case .first(let id): return ids.firstIndex(of: id)
    }
  }
}
