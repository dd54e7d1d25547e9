internal import Autograd
internal import Tensor

/// Where the rows of a list of prompts lie when they are packed, and which of them attend to which.
///
/// Three savings, each exactly equal in result to evaluating every prompt over all 77 rows:
/// - Nothing stands after a prompt's end-of-text row: attention is causal, so those rows cannot
///   matter.
/// - The rows that all prompts begin with (start of text, shared context, common words) are computed
///   once: causality lets nothing flow back into them, in any block, also where learned rows are
///   replaced in deeper blocks. They come first; each prompt's remaining rows follow, without padding.
/// - In the last block only the end-of-text rows ask.
struct TextLayout {
  /// The packed rows: the shared prefix, then each prompt's own rows.
  let rows: [(source: RowSource, position: Int)]
  /// How many rows all prompts share.
  let shared: Int
  /// Each prompt's length, shared rows included.
  let lengths: [Int]
  /// The packed row of each prompt's end.
  let ends: [Int]

  init(_ sequences: [[RowSource]]) {
    let shared = Self.commonPrefix(sequences)
    var rows = sequences[0][..<shared].enumerated().map { (source: $1, position: $0) }
    var ends: [Int] = []
    for sequence in sequences {
      for position in shared..<sequence.count { rows.append((sequence[position], position)) }
      ends.append(rows.count - 1)
    }
    self.rows = rows
    self.shared = shared
    self.ends = ends
    lengths = sequences.map(\.count)
  }

  /// The longest common beginning that leaves each prompt at least its last row.
  private static func commonPrefix(_ sequences: [[RowSource]]) -> Int {
    let limit = (sequences.map(\.count).min() ?? 1) - 1
    var length = 0
    while length < limit, sequences.allSatisfy({ $0[length] == sequences[0][length] }) {
      length += 1
    }
    return length
  }

  /// The packed rows of each prompt beyond the shared ones.
  private var owns: [Range<Int>] {
    zip(ends, lengths).map { $0 + 1 - ($1 - shared)..<$0 + 1 }
  }

  /// Every row asks.
  func attention(heads: Int) -> AttentionLayout {
    var segments = owns.map {
      AttentionLayout.Segment(queries: $0, shared: 0..<shared, own: $0, isCausal: true)
    }
    if shared > 0 {
      segments.insert(.init(queries: 0..<shared, own: 0..<shared, isCausal: true), at: 0)
    }
    return AttentionLayout(heads: heads, groups: [segments])
  }

  /// Only the end-of-text rows ask, and lie in the order of the prompts.
  func lastAttention(heads: Int) -> AttentionLayout {
    let segments = owns.enumerated().map { index, own in
      AttentionLayout.Segment(
        queries: index..<index + 1, shared: 0..<shared, own: own, isCausal: true)
    }
    return AttentionLayout(heads: heads, groups: [segments])
  }
}
