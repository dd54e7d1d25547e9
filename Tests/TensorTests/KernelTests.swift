import CKernels
import Tensor
import TestSupport
import Testing

/// `CKernels`: the tables for AVX-512 and AVX2 agree with the baseline, at lengths around whole vectors.
@Suite(.enabled(if: duet_processor_level() != DUET_BASELINE))
struct KernelTests {
  static let levels = [DUET_AVX2, DUET_AVX512].filter {
    $0.rawValue <= duet_processor_level().rawValue
  }
  static let lengths = [0, 1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 48, 63, 100, 517, 1030]

  /// Calls a kernel on copies of `inputs` with each table and compares all arrays afterwards.
  private func compare(
    _ what: String, _ inputs: [[Float]], absolute: Float = 1e-6, relative: Float = 2e-6,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: (duet_kernels, [UnsafeMutablePointer<Float>]) -> Void
  ) throws {
    func run(_ level: duet_level) throws -> [[Float]] {
      let table = unsafe try #require(duet_kernels_at(level)).pointee
      // Guards behind each array show what is written too far.
      let arrays = unsafe inputs.map { input in
        let array = UnsafeMutablePointer<Float>.allocate(capacity: input.count + 4)
        for (index, value) in (input + [77, 77, 77, 77]).enumerated() {
          unsafe (array + index).initialize(to: value)
        }
        return unsafe array
      }
      defer { unsafe arrays.forEach { unsafe $0.deallocate() } }
      unsafe call(table, arrays)
      return unsafe zip(arrays, inputs).map { array, input in
        (0..<input.count + 4).map { unsafe array[$0] }
      }
    }
    let expected = try run(DUET_BASELINE)
    for level in Self.levels {
      for (index, (a, b)) in zip(try run(level), expected).enumerated() {
        #expect(a.suffix(4) == [77, 77, 77, 77], "\(what) wrote beyond array \(index)")
        expectClose(
          a, b, absolute: absolute, relative: relative, "\(what), array \(index), level \(level)",
          sourceLocation: sourceLocation)
      }
    }
  }

  private func random(_ count: Int, _ name: String, positive: Bool = false) throws -> [Float] {
    let values = try randomTensor([count], "\(name) \(count)", deviation: 2).elements
    return positive ? values.map { abs($0) + 0.01 } : values
  }

  @Test func `tables know their names, and levels beyond the processor have none`() throws {
    let best = unsafe try #require(duet_best_kernels())
    #expect(unsafe best == duet_kernels_at(duet_processor_level()))
    for (level, name) in [
      (DUET_BASELINE, "baseline"), (DUET_AVX2, "AVX2"), (DUET_AVX512, "AVX-512"),
    ] {
      let table = unsafe duet_kernels_at(level)
      #expect(unsafe (table != nil) == (level.rawValue <= duet_processor_level().rawValue))
      if let table = unsafe table { #expect(unsafe String(cString: table.pointee.name) == name) }
    }
  }

  @Test func `functions of one number`() throws {
    for code in 0..<DUET_UNARY_COUNT.rawValue {
      for n in Self.lengths {
        let positive = [DUET_LOG, DUET_SQRT].contains(duet_unary(code))
        let x = try random(n, "x", positive: positive)
        try unsafe compare("unary \(code) of \(n)", [x, x]) {
          unsafe $0.unary(duet_unary(code), $1[0], $1[1], n)
        }
        let saved = try random(n, "saved", positive: positive).map { $0 / 3 }
        try unsafe compare("gradient \(code) of \(n)", [saved, try random(n, "dy"), x]) {
          unsafe $0.unary_gradient(duet_unary(code), $1[0], $1[1], $1[2], n)
        }
        let bias = try random(max(n / 3, 1), "bias", positive: positive)
        let columns = bias.count
        try unsafe compare("activate \(code) of \(n)", [bias, x, x]) {
          unsafe $0.activate(duet_unary(code), $1[0], $1[1], $1[2], n / columns, columns)
        }
      }
    }
  }

  @Test func `functions of two numbers`() throws {
    for code in 0..<DUET_BINARY_COUNT.rawValue {
      for n in Self.lengths where n > 0 {
        let (a, b) = (try random(n, "a", positive: true), try random(n, "b"))
        for (aStep, bStep) in [(1, 1), (1, 0), (0, 1), (0, 0)] {
          try unsafe compare("binary \(code) of \(n)", [a, b, a]) {
            unsafe $0.binary(duet_binary(code), $1[0], aStep, $1[1], bStep, $1[2], n)
          }
        }
      }
    }
  }

  @Test func `sums and scaled additions`() throws {
    for n in Self.lengths {
      let (x, y) = (try random(n, "x"), try random(n, "y"))
      try unsafe compare("sum of \(n)", [x, [0, 0]]) { unsafe $1[1][0] = Float($0.sum($1[0], n)) }
      try unsafe compare("dot of \(n)", [x, y, [0]]) {
        unsafe $1[2][0] = Float($0.dot($1[0], $1[1], n))
      }
      try unsafe compare("scale_add of \(n)", [x, y]) { unsafe $0.scale_add(1.7, $1[0], $1[1], n) }
    }
    for (rows, columns) in [(0, 3), (1, 5), (7, 16), (40, 33), (3, 1030)] {
      let x = try random(rows * (columns + 2), "x")
      let row = try random(columns, "row")
      try unsafe compare("sum_rows of \(rows) x \(columns)", [x, row]) {
        unsafe $0.sum_rows($1[0], columns + 2, $1[1], rows, columns)
      }
    }
  }

  @Test func `rows`() throws {
    for (rows, columns) in [(1, 1), (3, 7), (2, 16), (5, 33), (2, 96), (3, 517)] {
      let n = rows * columns
      let (x, dy) = (try random(n, "x"), try random(n, "dy"))
      let (scale, shift) = (try random(columns, "scale"), try random(columns, "shift"))
      let some = try random(rows, "some", positive: true)
      let what = "\(rows) x \(columns)"
      try unsafe compare("softmax \(what)", [x, x]) {
        unsafe $0.softmax($1[0], $1[1], rows, columns)
      }
      try unsafe compare("log_softmax \(what)", [x, x]) {
        unsafe $0.log_softmax($1[0], $1[1], rows, columns)
      }
      try unsafe compare("softmax_gradient \(what)", [x, dy, x], relative: 1e-5) {
        unsafe $0.softmax_gradient($1[0], $1[1], $1[2], rows, columns)
      }
      let negative = x.map { -abs($0) }
      try unsafe compare("log_softmax_gradient \(what)", [negative, dy, x], relative: 1e-5) {
        unsafe $0.log_softmax_gradient($1[0], $1[1], $1[2], rows, columns)
      }
      try unsafe compare("layer_norm \(what)", [x, scale, shift, x, some, some], relative: 1e-5) {
        unsafe $0.layer_norm($1[0], $1[1], $1[2], 1e-5, $1[3], $1[4], $1[5], rows, columns)
      }
      try unsafe compare(
        "layer_norm_gradient \(what)", [x, scale, some, some, dy, x], relative: 1e-5
      ) {
        unsafe $0.layer_norm_gradient($1[0], $1[1], $1[2], $1[3], $1[4], $1[5], rows, columns)
      }
      try unsafe compare(
        "layer_norm_scale_gradient \(what)", [x, some, some, dy, scale], relative: 1e-5
      ) {
        unsafe $0.layer_norm_scale_gradient($1[0], $1[1], $1[2], $1[3], $1[4], rows, columns)
      }
      try unsafe compare("normalize \(what)", [x, x, some]) {
        unsafe $0.normalize($1[0], $1[1], $1[2], rows, columns)
      }
      try unsafe compare("normalize_gradient \(what)", [x, some, dy, x], relative: 1e-5) {
        unsafe $0.normalize_gradient($1[0], $1[1], $1[2], $1[3], rows, columns)
      }
      try unsafe compare("add_row \(what)", [scale, x]) {
        unsafe $0.add_row($1[0], $1[1], rows, columns)
      }
    }
  }

  @Test(arguments: [1, 8, 16, 24, 33, 64, 80, 130]) func `attention`(_ width: Int) throws {
    for (queries, shared, own, isCausal) in [
      (1, 0, 1, true), (5, 3, 5, true), (2, 7, 9, true),
      (17, 0, 17, false), (3, 12, 1, false),
    ] where !isCausal || queries <= own {
      let stride = 2 * width
      let q = try random(queries * width, "q")
      let (a, b) = (try random(max(shared, 1) * stride, "a"), try random(own * stride, "b"))
      let padded = duet_scores(shared + own)
      let scratch = [Float](repeating: .nan, count: queries * padded * 2)
      func segment(_ p: [UnsafeMutablePointer<Float>]) -> duet_attention {
        unsafe duet_attention(
          q: p[0], q_stride: width, queries: queries, shared_k: p[1], shared_v: p[1] + width,
          shared: shared, own_k: p[2], own_v: p[2] + width, own: own, kv_stride: stride,
          visible: isCausal ? own - queries + 1 : own, width: width, scale: 0.3)
      }
      let what = "\(queries) ask \(shared) + \(own), \(width) wide"
      try unsafe compare(what, [q, a, b, q, scratch], relative: 1e-5) {
        var part = unsafe segment($1)
        unsafe $0.attention(&part, $1[3], width, $1[4])
      }
      let dy = try random(queries * width, "dy")
      try unsafe compare("gradient, " + what, [q, a, b, dy, q, a, b, scratch], relative: 1e-5) {
        var part = unsafe segment($1)
        unsafe $0.attention_gradient(
          &part, $1[3], width, $1[4], width, $1[5], $1[5] + width, $1[6], $1[6] + width, stride,
          $1[7])
      }
    }
  }

  @Test func `optimizers`() throws {
    for n in Self.lengths {
      let (p, g, m) = (try random(n, "p"), try random(n, "g"), try random(n, "m"))
      let v = try random(n, "v", positive: true)
      for first in [0, 1] as [Int32] {
        try unsafe compare("sgd of \(n)", [p, g, m]) {
          unsafe $0.sgd($1[0], $1[1], $1[2], n, 0.1, 0.9, 0.01, first)
        }
        try unsafe compare("adam of \(n)", [p, g, m, v]) {
          unsafe $0.adam(
            $1[0], $1[1], $1[2], $1[3], n, 0.1, 0.9, 0.98, 1e-6, 0.01, first, 0.5, 0.2)
        }
      }
    }
  }
}
