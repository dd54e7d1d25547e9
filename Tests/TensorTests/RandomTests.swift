import Tensor
import TestSupport
import Testing

/// `Philox`, `RandomStream`: published vectors, statistics, and places that can be returned to.
struct RandomTests {
  /// From the file kat_vectors of Random123.
  @Test(arguments: [
    ([0, 0, 0, 0, 0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [UInt32](repeating: .max, count: 6), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344, 0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ])
  func `Philox gives the published words`(_ input: [UInt32], _ expected: [UInt32]) {
    let block = Philox(key: (input[4], input[5])).block((input[0], input[1], input[2], input[3]))
    #expect([block.0, block.1, block.2, block.3] == expected)
  }

  /// From a second implementation, in Python. A changed stream would change every recorded run.
  @Test(arguments: [
    (1, "init", [0x452f_5b79, 0x6143_b2a0, 0x0898_00d3, 0x27f0_9c35, 0x1347_72c0, 0x759f_32d5]),
    (-1, "", [0xa8f7_3039, 0x874f_0cc3, 0xd799_c746, 0x4d04_b485, 0x669d_28bb, 0x002c_6859]),
    (7, "Größe", [0xc871_e9c7, 0x84ae_594f, 0x6065_3eca, 0x2e6b_3338, 0x9918_1c9b, 0x1ca5_2cd5]),
  ])
  func `a seed and a name always give the same words`(
    _ seed: Int, _ name: String, _ expected: [UInt32]
  ) {
    var stream = RandomStream(seed: seed, name: name)
    #expect(expected.map { _ in stream.word() } == expected)
  }

  @Test func `a stream goes on from any place`() {
    var stream = RandomStream(seed: 5, name: "order")
    let words = (0..<40).map { _ in stream.word() }
    #expect(stream.position == 40)
    for place in 0..<40 {
      var later = RandomStream(seed: 5, name: "order", position: UInt64(place))
      #expect(later.word() == words[place])
      #expect(later.position == UInt64(place + 1))
    }
    var far = RandomStream(seed: 5, name: "order", position: 1 << 60)
    _ = far.word()
    #expect(far.position == 1 << 60 + 1)
  }

  @Test func `streams of other names and seeds share nothing`() {
    var firsts: Set<UInt32> = []
    for seed in [0, 1, -1, 2, .max, .min] {
      for name in ["init", "order", "augmentation", "a", "b", "ab", ""] {
        var stream = RandomStream(seed: seed, name: name)
        firsts.insert(stream.word())
      }
    }
    #expect(firsts.count == 42)
  }

  @Test func `uniform and normal numbers have their moments`() {
    var stream = RandomStream(seed: 2, name: "moments")
    let n = 400_000
    let uniform = (0..<n).map { _ in Double(stream.uniform()) }
    let normal = (0..<n).map { _ in Double(stream.normal()) }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    func moment(_ x: [Double], _ power: Int) -> Double {
      x.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } }
        / Double(n)
    }
    // Five standard errors each.
    for (power, expected) in [(1, 0.5), (2, 1 / 3.0), (3, 0.25)] {
      #expect(abs(moment(uniform, power) - expected) < 5 * 0.3 / Double(n).squareRoot())
    }
    for (power, expected, deviation) in [(1, 0.0, 1.0), (2, 1, 1.42), (3, 0, 3.9), (4, 3, 9.8)] {
      #expect(abs(moment(normal, power) - expected) < 5 * deviation / Double(n).squareRoot())
    }
    let beyond = normal.count { abs($0) > 1.96 }
    #expect(abs(Double(beyond) / Double(n) - 0.05) < 0.002)
  }

  @Test(arguments: [1, 2, 3, 6, 7, 100]) func `draws below a number are even`(_ count: Int) {
    var stream = RandomStream(seed: 3, name: "even")
    let n = 60_000
    var hits = [Int](repeating: 0, count: count)
    for _ in 0..<n { hits[stream.below(count)] += 1 }
    let expected = Double(n) / Double(count)
    let chi = hits.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(chi < Double(count) + 5 * (2 * Double(count)).squareRoot() + 5)
  }

  /// A remainder would take the lower half of two thirds of 2³² twice as often.
  @Test func `draws below a large number have no bias`() {
    var stream = RandomStream(seed: 4, name: "bias")
    let count = Int(UInt32.max) / 3 * 2
    let n = 100_000
    let low = (0..<n).count { _ in stream.below(count) < count / 2 }
    #expect(abs(low - n / 2) < 5 * Int(Double(n).squareRoot() / 2))
    var whole = RandomStream(seed: 4, name: "bias")
    #expect((0..<100).allSatisfy { _ in whole.below(Int(UInt32.max)) < Int(UInt32.max) })
  }

  @Test func `permutations hold each number once, and every order occurs alike`() {
    var stream = RandomStream(seed: 6, name: "order")
    for count in [0, 1, 2, 17, 1000] {
      #expect(stream.permutation(count).sorted() == Array(0..<count))
    }
    var orders: [[Int]: Int] = [:]
    for _ in 0..<6000 { orders[stream.permutation(3), default: 0] += 1 }
    #expect(orders.count == 6 && orders.values.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test func `random tensors take their numbers from the stream`() throws {
    var stream = RandomStream(seed: 1, name: "tensor")
    var copy = stream
    let normal = try Tensor.normal([2, 3], deviation: 0.5, from: &stream)
    #expect(normal.elements == (0..<6).map { _ in 0.5 * copy.normal() })
    let uniform = try Tensor.uniform([5], low: -2, high: 3, from: &stream)
    #expect(uniform.elements == (0..<5).map { _ in -2 + 5 * copy.uniform() })
    #expect(stream.position == copy.position)
    #expect(throws: TensorError.self) {
      try Tensor.normal([1 << 50], deviation: 1, from: &stream)
    }
  }
}
