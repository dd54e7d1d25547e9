import Foundation
import Tensor
import TestSupport
import Testing

/// `Attention`, `AttentionLayout`: both kernels and BLAS against the definition, in double.
struct AttentionTests {
  /// A layout of rows that lie packed, and the widths of its heads.
  struct Case: CustomTestStringConvertible, Sendable {
    let note: String
    let heads: Int
    let headWidth: Int
    /// The shared rows, then those of each sequence.
    let shared: Int
    let lengths: [Int]
    var isCausal = true
    /// How many of a sequence's last rows ask; all when nil.
    var asking: Int?

    var testDescription: String { note }
    var width: Int { heads * headWidth }
    var rows: Int { shared + lengths.reduce(0, +) }

    /// As the text tower packs them: one group, the shared rows among themselves, then each sequence.
    var layout: AttentionLayout {
      var segments: [AttentionLayout.Segment] = []
      if shared > 0, asking == nil {
        segments.append(.init(queries: 0..<shared, own: 0..<shared, isCausal: isCausal))
      }
      var (row, query) = (shared, asking == nil ? shared : 0)
      for length in lengths {
        let count = min(asking ?? length, length)
        segments.append(
          .init(
            queries: query..<query + count, shared: 0..<shared, own: row..<row + length,
            isCausal: isCausal))
        row += length
        query += count
      }
      return AttentionLayout(heads: heads, groups: [segments])
    }

    var queries: Int {
      guard let asking else { return rows }
      return lengths.reduce(0) { $0 + min(asking, $1) }
    }

    /// The query rows of each segment with the keys that each sees.
    var pairs: [(query: Int, keys: [Int])] {
      var pairs: [(Int, [Int])] = []
      if asking == nil {
        for row in 0..<shared { pairs.append((row, Array(isCausal ? 0...row : 0...shared - 1))) }
      }
      var (row, query) = (shared, asking == nil ? shared : 0)
      for length in lengths {
        let count = min(asking ?? length, length)
        for i in 0..<count {
          let last = isCausal ? length - count + i : length - 1
          pairs.append((query + i, Array(0..<shared) + Array(row...row + last)))
        }
        row += length
        query += count
      }
      return pairs
    }

    static let all = [
      Case(note: "class prompts", heads: 2, headWidth: 64, shared: 5, lengths: [3, 4, 6, 3]),
      Case(
        note: "heads 24 wide", heads: 4, headWidth: 24, shared: 0, lengths: [17], isCausal: false),
      Case(note: "heads 24 wide, ragged", heads: 2, headWidth: 24, shared: 3, lengths: [1, 2, 9]),
      Case(note: "heads 80 wide", heads: 1, headWidth: 80, shared: 2, lengths: [5, 3]),
      Case(note: "heads 88 and 104 wide", heads: 2, headWidth: 104, shared: 1, lengths: [5]),
      Case(note: "odd heads", heads: 3, headWidth: 7, shared: 2, lengths: [5, 16, 1]),
      Case(note: "one number a head", heads: 3, headWidth: 1, shared: 1, lengths: [2, 3]),
      Case(note: "one row", heads: 1, headWidth: 16, shared: 0, lengths: [1]),
      Case(
        note: "only the last rows ask", heads: 2, headWidth: 64, shared: 5, lengths: [3, 4, 6],
        asking: 1),
      Case(
        note: "the last two ask", heads: 2, headWidth: 20, shared: 0, lengths: [3, 1, 6], asking: 2),
      Case(note: "long, full", heads: 2, headWidth: 24, shared: 0, lengths: [50], isCausal: false),
      Case(note: "long, causal, prefix", heads: 2, headWidth: 16, shared: 9, lengths: [40, 33]),
      Case(note: "long and short", heads: 1, headWidth: 32, shared: 20, lengths: [2, 60, 1]),
      Case(
        note: "a few ask many", heads: 2, headWidth: 32, shared: 0, lengths: [200], isCausal: false,
        asking: 6),
    ]
  }

  /// P[q, k] of one head, in double, zero for keys that are not seen.
  private func probabilities(_ test: Case, _ q: [Float], _ kv: [Float], _ head: Int) -> [[Double]] {
    let (d, w) = (test.width, test.headWidth)
    return test.pairs.map { query, keys in
      let scores = keys.map { key in
        (0..<w).reduce(0.0) {
          $0 + Double(q[query * d + head * w + $1]) * Double(kv[key * 2 * d + head * w + $1])
        } / Double(w).squareRoot()
      }
      let largest = scores.max() ?? 0
      let total = scores.reduce(0) { $0 + exp($1 - largest) }
      var row = [Double](repeating: 0, count: test.rows)
      for (key, score) in zip(keys, scores) { row[key] = exp(score - largest) / total }
      return row
    }
  }

  @Test(arguments: Case.all) func `values and gradients follow the definition`(_ test: Case) throws
  {
    let (d, w) = (test.width, test.headWidth)
    let q = try randomTensor([test.queries, d], "q", deviation: 1.5)
    let kv = try randomTensor([test.rows, 2 * d], "kv")
    let dy = try randomTensor([test.queries, d], "dy")
    let attention = try Attention(queries: q, keysValues: kv, width: d, layout: test.layout)
    let (x, c, g) = (q.elements, kv.elements, dy.elements)
    var out = [Double](repeating: 0, count: test.queries * d)
    var dq = out
    var dkv = [Double](repeating: 0, count: test.rows * 2 * d)
    for head in 0..<test.heads {
      let p = probabilities(test, x, c, head)
      for (index, pair) in test.pairs.enumerated() {
        let row = pair.query * d + head * w
        let dp = pair.keys.map { key in
          (0..<w).reduce(0.0) {
            $0 + Double(g[row + $1]) * Double(c[key * 2 * d + d + head * w + $1])
          }
        }
        let mean = zip(pair.keys, dp).reduce(0.0) { $0 + p[index][$1.0] * $1.1 }
        for (key, dp) in zip(pair.keys, dp) {
          let weight = p[index][key]
          let ds = weight * (dp - mean) / Double(w).squareRoot()
          let place = key * 2 * d + head * w
          for i in 0..<w {
            out[row + i] += weight * Double(c[place + d + i])
            dq[row + i] += ds * Double(c[place + i])
            dkv[place + i] += ds * Double(x[row + i])
            dkv[place + d + i] += weight * Double(g[row + i])
          }
        }
      }
    }
    expectClose(try attention().elements, out.map(Float.init), absolute: 1e-6, relative: 1e-6)
    let gradients = try attention.gradients(upstream: dy, packed: false)
    expectClose(
      gradients.queries.elements, dq.map(Float.init), absolute: 5e-6, relative: 2e-6, "dq")
    expectClose(
      gradients.keysValues.elements, dkv.map(Float.init), absolute: 5e-6, relative: 2e-6, "dkv")
  }

  @Test(arguments: Case.all.filter { $0.asking == nil })
  func `queries, keys and values may lie in one matrix`(_ test: Case) throws {
    let d = test.width
    let packed = try randomTensor([test.rows, 3 * d])
    let whole = TensorIndex.whole
    func part(_ range: Range<Int>) throws -> Tensor {
      try packed.indexed(
        IndexPlan(
          [whole, .slice(start: range.lowerBound, stop: range.upperBound, step: 1)],
          shape: packed.shape))
    }
    let (q, kv) = (try part(0..<d), try part(d..<3 * d))
    let dy = try randomTensor([test.rows, d], "dy")
    let together = try Attention(queries: packed, keysValues: packed, width: d, layout: test.layout)
    let apart = try Attention(queries: q, keysValues: kv, width: d, layout: test.layout)
    expectClose(try together().elements, try apart().elements, relative: 1e-6)
    let gradient = try together.gradients(upstream: dy, packed: true).keysValues
    let parts = try apart.gradients(upstream: dy, packed: false)
    let joined = try Tensor.concatenate([parts.queries, parts.keysValues], axis: 1)
    expectClose(gradient.elements, joined.elements, absolute: 1e-6, relative: 2e-6)
  }

  @Test(arguments: Case.all.filter { $0.lengths.allSatisfy { $0 + 1 > 1 } && $0.shared >= 2 })
  func `attention paid to keys is the mean over heads`(_ test: Case) throws {
    let d = test.width
    let q = try randomTensor([test.queries, d], "q")
    let kv = try randomTensor([test.rows, 2 * d], "kv")
    let attention = try Attention(queries: q, keysValues: kv, width: d, layout: test.layout)
    let keys = 1..<test.shared
    var expected = [Double](repeating: 0, count: test.queries * keys.count)
    for head in 0..<test.heads {
      let p = probabilities(test, q.elements, kv.elements, head)
      for (row, p) in p.enumerated() {
        for (place, key) in keys.enumerated() {
          expected[row * keys.count + place] += p[key] / Double(test.heads)
        }
      }
    }
    let paid = try attention.paid(to: keys)
    #expect(paid.shape == [test.queries, keys.count])
    expectClose(paid.elements, expected.map(Float.init), absolute: 1e-6)
  }

  @Test func `many sequences at once equal one after the other`() throws {
    for (count, length) in [(3, 17), (40, 5), (2, 40), (0, 4)] {
      let packed = try randomTensor([count * length, 3 * 48])
      let layout = AttentionLayout.sequences(count, length: length, heads: 2)
      let y = try Attention(queries: packed, keysValues: packed, width: 48, layout: layout)()
      #expect(y.shape == [count * length, 48])
      for index in 0..<count {
        let own = try packed.prefix(index * length..<(index + 1) * length)
        let one = try Attention(
          queries: own, keysValues: own, width: 48,
          layout: .sequences(1, length: length, heads: 2))()
        #expect(try y.prefix(index * length..<(index + 1) * length) == one)
      }
    }
  }

  @Test func `NaN stays in the rows that see it`() throws {
    var values = [Float](repeating: 0.5, count: 4 * 6)
    values[2 * 6 + 5] = .nan
    let packed = try Tensor(shape: [4, 6], elements: values)
    let layout = AttentionLayout(
      heads: 1, groups: [[.init(queries: 0..<4, own: 0..<4, isCausal: true)]])
    let y = try Attention(queries: packed, keysValues: packed, width: 2, layout: layout)()
    #expect(y.elements.map(\.isNaN) == [false, false, false, false, false, true, false, true])
  }

  @Test func `layouts that name missing rows are refused`() throws {
    let packed = try Tensor(repeating: 0, shape: [4, 12])
    func attend(_ segment: AttentionLayout.Segment, heads: Int = 2, width: Int = 4) throws {
      _ = try Attention(
        queries: packed, keysValues: packed, width: width,
        layout: .init(heads: heads, groups: [[segment]]))
    }
    let full = AttentionLayout.Segment(queries: 0..<4, own: 0..<4, isCausal: false)
    #expect(throws: Never.self) { try attend(full) }
    #expect(throws: TensorError.shapes("attention", [4, 12], [4, 12])) {
      try attend(full, heads: 3)
    }
    #expect(throws: TensorError.shapes("attention", [4, 12], [4, 12])) {
      try attend(full, heads: 0)
    }
    #expect(throws: TensorError.shapes("attention", [4, 12], [4, 12])) {
      try attend(full, width: 8)
    }
    let missing = TensorError.shape(
      "attention", [4, 12], expected: "the rows that the layout names")
    for segment in [
      AttentionLayout.Segment(queries: 0..<5, own: 0..<4, isCausal: false),
      .init(queries: 0..<4, own: 0..<5, isCausal: false),
      .init(queries: 0..<4, shared: 3..<5, own: 0..<4, isCausal: false),
      .init(queries: 0..<3, own: 0..<2, isCausal: true),
      .init(queries: 0..<3, own: 0..<0, isCausal: false),
    ] {
      #expect(throws: missing) { try attend(segment) }
    }
    let attention = try Attention(
      queries: packed, keysValues: packed, width: 4, layout: .init(heads: 2, groups: [[full]]))
    #expect(throws: TensorError.index(5, count: 4, axis: 1)) { try attention.paid(to: 3..<5) }
  }
}
