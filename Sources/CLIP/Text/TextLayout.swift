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
/// - Only the rows that are read later ask: see ``TextPlan/Stage``.
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
  var owns: [Range<Int>] {
    zip(ends, lengths).map { $0 + 1 - ($1 - shared)..<$0 + 1 }
  }

  /// The packed rows at the beginning of the prompts, up to the first row that is not a plain token,
  /// and at most to the row before the end: nothing learned reaches them.
  var beginnings: [Int] {
    let leading = rows[..<shared].prefix { $0.source.isToken }.count
    guard leading == shared else { return Array(0..<leading) }
    return Array(0..<shared)
      + owns.flatMap { own in
        own.prefix(own.count - 1).prefix { rows[$0].source.isToken }
      }
  }

  /// The packed rows `asking`, which are in order, ask; all rows are there to be seen.
  func attention(asking: [Int], heads: Int) -> AttentionLayout {
    var segments: [AttentionLayout.Segment] = []
    var place = 0
    for region in [0..<shared] + owns {
      while place < asking.count, region.contains(asking[place]) {
        let start = place
        repeat {
          place += 1
        } while place < asking.count && asking[place] < region.upperBound
          && asking[place] == asking[place - 1] + 1
        segments.append(
          .init(
            queries: start..<place, shared: 0..<(region.lowerBound < shared ? 0 : shared),
            own: region.lowerBound..<asking[place - 1] + 1, isCausal: true))
      }
    }
    return AttentionLayout(heads: heads, groups: [segments])
  }

  /// The packed rows `kept`, a beginning of each region, among themselves.
  func attention(within kept: [Int], heads: Int) -> AttentionLayout {
    let common = kept.prefix { $0 < shared }.count
    var segments: [AttentionLayout.Segment] = []
    var start = 0
    for region in [0..<shared] + owns {
      var end = start
      while end < kept.count, region.contains(kept[end]) { end += 1 }
      if end > start {
        segments.append(
          .init(
            queries: start..<end, shared: 0..<(start < common ? 0 : common), own: start..<end,
            isCausal: true))
      }
      start = end
    }
    return AttentionLayout(heads: heads, groups: [segments])
  }
}
