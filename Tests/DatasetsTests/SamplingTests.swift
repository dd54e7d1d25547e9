import Datasets
import Foundation
import TestSupport
import Testing

/// The generator and the draws equal CPython's and the official code's.
struct SamplingTests {
  private struct Vectors: Decodable {
    let raw: [Raw]
    let sample: [Sample]
    let shuffle: [Shuffle]
    let datasets: [List]
    let split_trainval: [TrainVal]
    let split_50_20_30: [Three]
    let base_new: [BaseNew]

    struct Raw: Decodable {
      let seed: Int
      let u32: [UInt32]
      let below_n: [Int]
      let below: [Int]
    }
    struct Sample: Decodable {
      let seed: Int
      let n: Int
      let k: Int
      let chosen: [Int]
    }
    struct Shuffle: Decodable {
      let seed: Int
      let n: Int
      let result: [Int]
    }
    struct List: Decodable {
      let name: String
      let layout: String
      let train_counts: [[Int]]
      let val_counts: [[Int]]?
      let draws: [Draw]
    }
    struct Draw: Decodable {
      let seed: Int
      let shots: Int
      let train: [Int]
      let val: [Int]?
    }
    struct TrainVal: Decodable {
      let seed: Int
      let class_counts: [Int]
      let p_val: Double
      let train: [Int]
      let val: [Int]
    }
    struct Three: Decodable {
      let seed: Int
      let class_counts: [Int]
      let train: [Int]
      let val: [Int]
      let test: [Int]
    }
    struct BaseNew: Decodable {
      let classes: Int
      let base_count: Int
      let new_count: Int
      let first_new_label: Int
    }
  }

  /// The labels of a list from pairs of label and count.
  private static func labels(_ counts: [[Int]], _ layout: String) -> [Int] {
    if layout == "contiguous" {
      return counts.flatMap { [Int](repeating: $0[0], count: $0[1]) }
    }
    let rounds = counts.map { $0[1] }.max() ?? 0
    return (0..<rounds).flatMap { round in counts.filter { $0[1] > round }.map { $0[0] } }
  }

  private static func check(_ data: Data) throws {
    let vectors = try JSONDecoder().decode(Vectors.self, from: data)
    #expect(!vectors.raw.isEmpty && !vectors.sample.isEmpty && !vectors.shuffle.isEmpty)
    for row in vectors.raw {
      var words = MersenneTwister(seed: row.seed)
      #expect(row.u32.map { _ in words.word() } == row.u32)
      var numbers = MersenneTwister(seed: row.seed)
      #expect(row.below_n.map { numbers.below($0) } == row.below)
    }
    for row in vectors.sample {
      var generator = MersenneTwister(seed: row.seed)
      #expect(generator.sample(row.k, of: row.n) == row.chosen)
    }
    for row in vectors.shuffle {
      var generator = MersenneTwister(seed: row.seed)
      var list = Array(0..<row.n)
      generator.shuffle(&list)
      #expect(list == row.result)
    }
    try checkDraws(vectors)
  }

  private static func checkDraws(_ vectors: Vectors) throws {
    #expect(!vectors.datasets.isEmpty && !vectors.split_trainval.isEmpty)
    #expect(!vectors.split_50_20_30.isEmpty && !vectors.base_new.isEmpty)
    for list in vectors.datasets {
      for draw in list.draws {
        var generator = MersenneTwister(seed: draw.seed)
        let train = labels(list.train_counts, list.layout)
        #expect(FewShot.draw(draw.shots, labels: train, from: &generator) == draw.train)
        guard let counts = list.val_counts else { continue }
        let shots = FewShot.validationShots(for: draw.shots)
        let val = labels(counts, list.layout)
        #expect(FewShot.draw(shots, labels: val, from: &generator) == draw.val, "\(list.name)")
      }
    }
    for row in vectors.split_trainval {
      var generator = MersenneTwister(seed: row.seed)
      let labels = Self.labels(row.class_counts.enumerated().map { [$0, $1] }, "contiguous")
      let split = try FewShot.splitForValidation(labels, share: row.p_val, from: &generator)
      #expect(split == (row.train, row.val))
    }
    for row in vectors.split_50_20_30 {
      var generator = MersenneTwister(seed: row.seed)
      let labels = Self.labels(row.class_counts.enumerated().map { [$0, $1] }, "contiguous")
      let split = try FewShot.splitInThree(labels, from: &generator)
      #expect(split == (row.train, row.val, row.test))
    }
    for row in vectors.base_new {
      #expect(FewShot.baseCount(of: row.classes) == row.base_count)
      #expect(row.first_new_label == row.base_count)
    }
  }

  @Test func `draws are CPython's`() throws {
    try Self.check(ReferenceFiles.golden("fewshot.json"))
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `all reference draws match`() throws {
    try Self.check(ReferenceFiles.vectors("protocols/fewshot.json"))
  }

  @Test func `a seed counts without its sign, and large ones in full`() {
    var (plus, minus) = (MersenneTwister(seed: 7), MersenneTwister(seed: -7))
    #expect(plus.word() == minus.word())
    var least = MersenneTwister(seed: .min)
    var other = MersenneTwister(seed: 0)
    #expect(least.word() != other.word())
  }

  @Test func `fewer than one shot is everything, and takes no numbers`() {
    var generator = MersenneTwister(seed: 1)
    #expect(FewShot.draw(0, labels: [2, 1, 2], from: &generator) == [0, 1, 2])
    #expect(FewShot.draw(4, labels: [2, 1, 2], from: &generator) == [0, 2, 1])
    #expect(generator.word() == 577_090_037)
  }

  @Test func `classes too small to split are named`() {
    var generator = MersenneTwister(seed: 1)
    #expect(throws: DatasetError.tooFewToSplit(classes: [5])) {
      try FewShot.splitInThree([4, 4, 4, 4, 5, 5, 5], from: &generator)
    }
    #expect(throws: DatasetError.tooFewToSplit(classes: [4, 5])) {
      try FewShot.splitForValidation([4, 4, 5], from: &generator)
    }
  }
}
