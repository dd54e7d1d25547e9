import Datasets
import Foundation
import Tensor
import TestSupport
import Testing

/// Metrics of one run, and means over seeds and data sets.
struct EvaluationTests {
  private struct Vectors: Decodable {
    let evaluator: [Run]
    let aggregation: [Table]

    struct Run: Decodable {
      let y_true: [Int]
      let y_pred: [Int]
      let total: Int
      let correct: Int
      let accuracy: Double
      let error: Double
      let macro_f1: Double
      let perclass_average: Double
      let labels: [Int]
      let per_class: [Double]
    }

    struct Table: Decodable {
      let base: [[Double]]
      let new: [[Double]]
      let base_mean: [Double]
      let new_mean: [Double]
      let base_std_population: [Double]
      let hm_per_dataset_from_means: [Double]
      let hm_per_dataset_mean_of_seed_hms: [Double]
      let hm_of_averages: Double
      let mean_of_hms: Double
    }
  }

  private static func check(_ data: Data) throws {
    let vectors = try JSONDecoder().decode(Vectors.self, from: data)
    #expect(!vectors.evaluator.isEmpty && !vectors.aggregation.isEmpty)
    for run in vectors.evaluator {
      let result = try Evaluation(predictions: run.y_pred, labels: run.y_true, classCount: 7)
      #expect(result.total == run.total && result.correct == run.correct)
      #expect(result.accuracy == run.accuracy && result.error == run.error)
      #expect(isClose(result.macroF1, run.macro_f1))
      #expect(isClose(result.classMean, run.perclass_average))
      #expect(result.perClass.map(\.label) == run.labels)
      for (score, accuracy) in zip(result.perClass, run.per_class) {
        #expect(isClose(score.accuracy, accuracy))
      }
    }
    for table in vectors.aggregation {
      let means = try HarmonicMeans(base: table.base, new: table.new)
      #expect(isClose(try table.base.map(Aggregation.mean), table.base_mean))
      #expect(isClose(try table.new.map(Aggregation.mean), table.new_mean))
      #expect(isClose(try table.base.map(Aggregation.deviation), table.base_std_population))
      #expect(isClose(means.ofSeedMeans, table.hm_per_dataset_from_means))
      #expect(isClose(means.meanOverSeeds, table.hm_per_dataset_mean_of_seed_hms))
      #expect(isClose(means.ofAverages, table.hm_of_averages))
      #expect(isClose(means.meanOfHarmonicMeans, table.mean_of_hms))
    }
  }

  private static func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * abs(b) }

  private static func isClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isClose($0, $1) }
  }

  @Test func `metrics follow the evaluator's formulas`() throws {
    try Self.check(ReferenceFiles.golden("metrics.json"))
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `all reference metrics match`() throws {
    try Self.check(ReferenceFiles.vectors("protocols/metrics.json"))
  }

  @Test func `the confusion matrix has true classes in rows`() throws {
    let result = try Evaluation(predictions: [0, 2, 2, 1], labels: [0, 0, 2, 2], classCount: 3)
    #expect(try result.confusion() == [[1, 0, 1], [0, 0, 0], [0, 1, 1]])
    #expect(result.accuracy == 50)
    #expect(result.perClass.map(\.label) == [0, 2])
    let many = try Evaluation(predictions: [0], labels: [.max - 1], classCount: .max)
    #expect(many.correct == 0)
    #expect(throws: DatasetError.tooMany(items: .max, limit: 8192)) { try many.confusion() }
  }

  @Test func `equal logits go to the lowest class`() throws {
    let logits = try Tensor(shape: [3, 3], elements: [1, 1, 0, -2, -1, -1, 0, 0, 0])
    #expect(try Evaluation.predictions(of: logits) == [0, 1, 0])
    #expect(throws: DatasetError.self) {
      try Evaluation.predictions(of: Tensor(shape: [3], elements: [1, 2, 3]))
    }
  }

  @Test func `lists that do not fit are refused`() {
    #expect(throws: DatasetError.lengths("predictions and labels", 1, 2)) {
      try Evaluation(predictions: [0], labels: [0, 1], classCount: 2)
    }
    #expect(throws: DatasetError.label(2, classes: 2)) {
      try Evaluation(predictions: [2], labels: [0], classCount: 2)
    }
    #expect(throws: DatasetError.metric("an accuracy of no predictions")) {
      try Evaluation(predictions: [], labels: [], classCount: 2)
    }
    #expect(throws: DatasetError.lengths("seeds", 1, 2)) {
      try HarmonicMeans(base: [[1]], new: [[1, 2]])
    }
    #expect(throws: DatasetError.metric("a mean of no values")) { try Aggregation.mean([]) }
  }

  @Test func `the harmonic mean of nothing and nothing is nothing`() {
    #expect(Aggregation.harmonicMean(0, 0) == 0)
    #expect(Aggregation.harmonicMean(60, 30) == 40)
  }
}
