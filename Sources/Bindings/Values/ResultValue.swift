package import Language

/// Numbers on a grid of named axes: what a protocol returns and a file keeps.
///
/// An axis is a list of labels (`algorithm`, `seed`, `shots`, …); each combination of labels is a cell. A
/// cell has one number for each metric, and where a metric is a share of pictures also the counts
/// behind it. Every seed's number is kept, never only means; a cell that was not run is NaN with
/// status 0.
package final class ResultValue: HostObject {
  package struct Axis {
    package let name: String
    /// What the cell's function is given.
    let values: [Value]
    package let labels: [Label]
  }

  package enum Label: Equatable {
    case int(Int)
    case text(String)

    package var text: String {
      switch self {
      case .int(let number): "\(number)"
      case .text(let text): text
      }
    }
  }

  /// The numbers of one metric, cell by cell in the order of the axes.
  package struct Metric {
    package let name: String
    package var values: [Double]
    package var correct: [Int]?
    package var total: [Int]?
  }

  package let axes: [Axis]
  package private(set) var metrics: [Metric] = []
  /// 0 not run, 1 done.
  package private(set) var status: [Int]
  /// What has no common shape, by cell: the settings and curves of its training.
  private(set) var details: [Int: Record] = [:]
  /// What the numbers are about: title, dataset, model, kind of data.
  package let about: Record

  init(axes: [Axis], about: Record) {
    self.axes = axes
    self.about = about
    status = [Int](repeating: 0, count: axes.reduce(1) { $0 * $1.labels.count })
  }

  /// A result that a file held.
  init(
    axes: [Axis], about: Record, metrics: [Metric], details: [Int: Record], status: [Int]
  ) {
    self.axes = axes
    self.about = about
    self.metrics = metrics
    self.details = details
    self.status = status
  }

  func replace(metrics: [Metric], details: [Int: Record], status: [Int]) {
    self.metrics = metrics
    self.details = details
    self.status = status
  }

  package var typeName: String { "Result" }
  package var summary: String {
    "Result: \(axes.map { "\($0.labels.count) \($0.name)" }.joined(separator: " × ")), "
      + "\(status.count { $0 == 1 }) of \(status.count) cells done"
  }
  package func display(width: Int) -> String { table.display(width: width) }

  /// The labels' places of a cell.
  func places(_ cell: Int) -> [Int] {
    var rest = cell
    return axes.reversed().map { axis in
      defer { rest /= axis.labels.count }
      return rest % axis.labels.count
    }.reversed()
  }

  /// The record that a cell's function is given.
  func arguments(_ cell: Int) -> Record {
    Record(zip(axes, places(cell)).map { ($0.name, $0.values[$1]) })
  }

  /// Keeps a cell's numbers. A metric that is a record of accuracy, correct and total brings counts;
  /// another record, such as what `fit` returned, is kept with the cell.
  func put(_ cell: Int, _ numbers: Record) throws {
    for (name, value) in numbers.entries {
      let score = value.record
      if let score, score["accuracy"] == nil {
        details[cell] = Record(
          (details[cell]?.entries ?? []).map { ($0.key, $0.value) } + [(name, value)])
        continue
      }
      guard let number = value.number ?? score?["accuracy"]?.number else {
        throw Fault(
          .type, "the metric '\(name)' is \(value.describedKind), not a number or a score")
      }
      let place = metric(name)
      metrics[place].values[cell] = number
      guard let correct = score?["correct"]?.int, let total = score?["total"]?.int else { continue }
      let none = [Int](repeating: 0, count: status.count)
      if metrics[place].correct == nil {
        (metrics[place].correct, metrics[place].total) = (none, none)
      }
      metrics[place].correct?[cell] = correct
      metrics[place].total?[cell] = total
    }
    status[cell] = 1
  }

  private func metric(_ name: String) -> Int {
    if let place = metrics.firstIndex(where: { $0.name == name }) { return place }
    metrics.append(Metric(name: name, values: [Double](repeating: .nan, count: status.count)))
    return metrics.count - 1
  }
}
