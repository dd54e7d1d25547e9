internal import CKernels

/// Which rows attend to which, for sequences that lie packed, row after row, in one tensor.
///
/// A segment is a run of query rows with the keys they see: rows that several segments share, such as
/// the prefix of all class prompts, and the segment's own. In a causal segment the queries are the
/// last of the own rows, and each sees the own rows up to itself; all see the shared rows. Segments
/// that touch the same keys stand in one group, so that gradients of shared rows are added up by one
/// thread, in order.
package struct AttentionLayout {
  package struct Segment {
    let queries: Range<Int>
    let shared: Range<Int>
    let own: Range<Int>
    let isCausal: Bool

    package init(queries: Range<Int>, shared: Range<Int> = 0..<0, own: Range<Int>, isCausal: Bool) {
      self.queries = queries
      self.shared = shared
      self.own = own
      self.isCausal = isCausal
    }

    var keys: Int { shared.count + own.count }

    /// How many own keys the first query sees.
    var visible: Int { isCausal ? own.count - queries.count + 1 : own.count }

    /// Whether products of this size are worth a call of BLAS.
    var isLong: Bool { queries.count * keys >= 1024 }
  }

  package let heads: Int
  package let groups: [[Segment]]
  /// Floats of scratch memory that the scores of any one segment need.
  let scores: Int
  /// How many pairs of a query and a key there are.
  let pairs: Int

  package init(heads: Int, groups: [[Segment]]) {
    self.heads = heads
    self.groups = groups
    pairs = groups.joined().reduce(0) { $0 + $1.queries.count * $1.keys }
    scores = groups.joined().reduce(0) { max($0, $1.queries.count * duet_scores($1.keys)) }
  }

  /// Full attention within each of `count` sequences of `length` rows, of which the first `asking` ask,
  /// all if nil, and lie one sequence after the other.
  package static func sequences(_ count: Int, length: Int, asking: Int? = nil, heads: Int)
    -> AttentionLayout
  {
    let asking = asking ?? length
    return AttentionLayout(
      heads: heads,
      groups: (0..<count).map { sequence in
        [
          Segment(
            queries: sequence * asking..<(sequence + 1) * asking,
            own: sequence * length..<(sequence + 1) * length, isCausal: false)
        ]
      })
  }

  /// Whether every row that is named exists, and no causal segment asks more than it owns.
  func fits(queries: Int, keys: Int) -> Bool {
    groups.joined().allSatisfy { segment in
      segment.queries.upperBound <= queries && segment.own.upperBound <= keys
        && segment.shared.upperBound <= keys
        && (!segment.isCausal || segment.queries.count <= segment.own.count)
        && segment.keys > 0
    }
  }
}
