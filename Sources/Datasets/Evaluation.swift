package import Tensor

/// How well a list of predictions fits a list of labels.
///
/// Counts are kept as integers; per cents follow from them in full precision. In every table the
/// candidates are all classes of the run, and a class that has no picture counts in no mean.
package struct Evaluation: Equatable, Sendable {
  /// Item counts by true class (row) and predicted class (column).
  package let confusion: [[Int]]
  /// How many items there are.
  package let total: Int
  /// How many predictions are right.
  package let correct: Int

  /// One class that occurs among the labels.
  package struct ClassScore: Equatable, Sendable {
    package let label: Int
    package let correct: Int
    package let total: Int
    /// How often the class was predicted.
    package let predicted: Int

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
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: max(classCount, 0)), count: max(classCount, 0))
    for (prediction, label) in zip(predictions, labels) {
      for value in [prediction, label] where !(0..<classCount).contains(value) {
        throw .label(value, classes: classCount)
      }
      confusion[label][prediction] += 1
    }
    self.confusion = confusion
    total = labels.count
    correct = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
  }

  /// Per cent right.
  package var accuracy: Double { 100 * Double(correct) / Double(total) }

  /// Per cent wrong.
  package var error: Double { 100 - accuracy }

  /// The classes that occur, in the order of their labels.
  package var perClass: [ClassScore] {
    confusion.indices.compactMap { label in
      let row = confusion[label]
      let total = row.reduce(0, +)
      guard total > 0 else { return nil }
      return ClassScore(
        label: label, correct: row[label], total: total,
        predicted: confusion.reduce(0) { $0 + $1[label] })
    }
  }

  /// The plain mean of the classes' accuracies.
  package var classMean: Double {
    let scores = perClass
    return scores.reduce(0) { $0 + $1.accuracy } / Double(scores.count)
  }

  /// 100 times the mean F1 of the classes that occur; a prediction of another class is a miss only.
  package var macroF1: Double {
    let scores = perClass
    return 100 * (scores.reduce(0) { $0 + $1.f1 } / Double(scores.count))
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
