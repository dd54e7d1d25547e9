package import Tensor

/// How well a list of predictions fits a list of labels.
///
/// Counts are kept as integers; per cents follow from them in full precision. In every table the
/// candidates are all classes of the run, and a class that has no picture counts in no mean.
package struct Evaluation: Equatable, Sendable {
  /// The predicted class of each item.
  package let predictions: [Int]
  /// The true class of each item.
  package let labels: [Int]
  /// How many candidates there were.
  package let classCount: Int
  /// How many predictions are right.
  package let correct: Int
  /// The classes that occur, in the order of their labels.
  package let perClass: [ClassScore]

  /// The most classes of a confusion matrix, which has a number for every pair.
  package static let mostConfused = 8192

  /// One class that occurs among the labels.
  package struct ClassScore: Equatable, Sendable {
    /// The class.
    package let label: Int
    /// How many of its items were recognised.
    package fileprivate(set) var correct = 0
    /// How many items it has.
    package fileprivate(set) var total = 0
    /// How often the class was predicted.
    package fileprivate(set) var predicted = 0

    /// 100 · correct / total.
    package var accuracy: Double { 100 * Double(correct) / Double(total) }

    /// 2 TP / (2 TP + FP + FN), in 0 … 1.
    package var f1: Double { 2 * Double(correct) / Double(total + predicted) }
  }

  /// Counts predictions and labels, both in 0 ..< `classCount`.
  ///
  /// Throws ``DatasetError/lengths(_:_:_:)``, ``DatasetError/label(_:classes:)``, and
  /// ``DatasetError/metric(_:)`` for no items at all.
  package init(predictions: [Int], labels: [Int], classCount: Int) throws(DatasetError) {
    guard predictions.count == labels.count else {
      throw .lengths("predictions and labels", predictions.count, labels.count)
    }
    guard !labels.isEmpty else { throw .metric("an accuracy of no predictions") }
    var scores: [Int: ClassScore] = [:]
    for label in labels {
      guard label >= 0, label < classCount else { throw .label(label, classes: classCount) }
      scores[label, default: ClassScore(label: label)].total += 1
    }
    for (prediction, label) in zip(predictions, labels) {
      guard prediction >= 0, prediction < classCount else {
        throw .label(prediction, classes: classCount)
      }
      scores[prediction]?.predicted += 1
      if prediction == label { scores[label]?.correct += 1 }
    }
    self.predictions = predictions
    self.labels = labels
    self.classCount = classCount
    perClass = scores.values.sorted { $0.label < $1.label }
    correct = perClass.reduce(0) { $0 + $1.correct }
  }

  /// How many items there are.
  package var total: Int { labels.count }

  /// Per cent right.
  package var accuracy: Double { 100 * Double(correct) / Double(total) }

  /// Per cent wrong.
  package var error: Double { 100 - accuracy }

  /// The plain mean of the classes' accuracies.
  package var classMean: Double {
    perClass.reduce(0) { $0 + $1.accuracy } / Double(perClass.count)
  }

  /// 100 times the mean F1 of the classes that occur; a prediction of another class is a miss only.
  package var macroF1: Double {
    100 * (perClass.reduce(0) { $0 + $1.f1 } / Double(perClass.count))
  }

  /// Item counts by true class (row) and predicted class (column).
  ///
  /// Throws ``DatasetError/tooMany(items:limit:)`` beyond ``mostConfused`` classes.
  package func confusion() throws(DatasetError) -> [[Int]] {
    guard classCount <= Self.mostConfused else {
      throw .tooMany(items: classCount, limit: Self.mostConfused)
    }
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (prediction, label) in zip(predictions, labels) { counts[label][prediction] += 1 }
    return counts
  }

  /// The class of the greatest logit in each row, the lowest of equal ones; [N, C] → N labels.
  package static func predictions(of logits: Tensor) throws(DatasetError) -> [Int] {
    guard logits.rank == 2, let classes = logits.shape.last, classes > 0 else {
      throw .tensor(.shape("predictions", logits.shape, expected: "[N, C] with C > 0"))
    }
    do throws(TensorError) { return try logits.extreme(.max, axis: 1).positions } catch {
      throw .tensor(error)
    }
  }
}
