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
    case float(Double)
    case text(String)

    package var text: String {
      switch self {
      case .int(let number): "\(number)"
      case .float(let number): "\(number)"
      case .text(let text): text
      }
    }

    /// The number of a label that is one.
    var number: Double? {
      switch self {
      case .int(let number): Double(number)
      case .float(let number): number
      case .text: nil
      }
    }

    package static func == (a: Label, b: Label) -> Bool {
      switch (a, b) {
      case (.int(let a), .int(let b)): a == b
      case (.text(let a), .text(let b)): a == b
      default: a.number != nil && a.number == b.number
      }
    }
  }

  /// The numbers of one metric, cell by cell in the order of the axes.
  package struct Metric {
    package let name: String
    package var values: [Double]
    package var correct: [Int]?
    package var total: [Int]?
    /// Whether these are percentages, and not numbers of any other kind.
    var isPercentage: Bool

    init(_ name: String, _ values: [Double], isPercentage: Bool = false) {
      self.name = name
      self.values = values
      self.isPercentage = isPercentage || Self.percentages.contains(name)
    }

    /// The protocols' metrics that are percentages without being counted themselves.
    private static let percentages: Set = ["base", "new", "hm", "joint", "joint_hm", "accuracy"]
  }

  package let axes: [Axis]
  package private(set) var metrics: [Metric] = []
  /// 0 not run, 1 done.
  package private(set) var status: [Int]
  /// What has no common shape, by cell: the settings and curves of its training.
  private(set) var details: [Int: Record] = [:]
  /// What the numbers are about: title, dataset, model, kind of data.
  package let about: Record
  let engine: Engine

  init(axes: [Axis], about: Record, _ engine: Engine) {
    self.engine = engine
    self.axes = axes
    self.about = about
    status = [Int](repeating: 0, count: axes.reduce(1) { $0 * $1.labels.count })
  }

  /// A result that a file held.
  init(
    axes: [Axis], about: Record, metrics: [Metric], details: [Int: Record], status: [Int],
    _ engine: Engine
  ) {
    self.engine = engine
    self.axes = axes
    self.about = about
    self.metrics = metrics
    self.details = details
    self.status = status
  }

  /// Takes over the cells that another result over the same axes has done and this one has not.
  func merge(_ other: ResultValue) {
    let cells = status.indices.filter { status[$0] == 0 && other.status[$0] == 1 }
    guard !cells.isEmpty else { return }
    for metric in other.metrics {
      let place = place(of: metric.name)
      if metric.isPercentage { metrics[place].isPercentage = true }
      for cell in cells {
        metrics[place].values[cell] = metric.values[cell]
        guard let correct = metric.correct, let total = metric.total else { continue }
        count(place, cell, correct[cell], of: total[cell])
      }
    }
    for cell in cells {
      details[cell] = other.details[cell]
      status[cell] = 1
    }
  }

  /// Takes over a cell of another result as a cell of this one.
  func take(_ other: ResultValue, _ there: Int, as cell: Int) throws {
    guard other.status[there] == 1 else { return }
    try check(other.metrics.map { ($0.name, isCounted: $0.correct != nil) })
    for metric in other.metrics {
      let place = place(of: metric.name)
      if metric.isPercentage { metrics[place].isPercentage = true }
      metrics[place].values[cell] = metric.values[there]
      guard let correct = metric.correct, let total = metric.total else { continue }
      count(place, cell, correct[there], of: total[there])
    }
    details[cell] = other.details[there]
    status[cell] = 1
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

  /// Keeps a cell's numbers, all of them or none. A metric that is a record of accuracy, correct and
  /// total brings counts; another record, such as what `fit` returned, is kept with the cell.
  func put(_ cell: Int, _ numbers: Record) throws {
    var scores: [(name: String, number: Double, score: Record?)] = []
    var others: [(String, Value)] = []
    for (name, value) in numbers.entries {
      let score = value.record
      if let score, score["accuracy"] == nil {
        others.append((name, value))
        continue
      }
      guard let number = value.number ?? score?["accuracy"]?.number else {
        throw Fault(
          .type, "the metric '\(name)' is \(value.describedKind), not a number or a score")
      }
      scores.append((name, number, score))
    }
    try check(scores.map { ($0.name, isCounted: $0.score != nil) })
    for (name, number, score) in scores {
      let place = place(of: name)
      metrics[place].values[cell] = number
      guard let score else { continue }
      metrics[place].isPercentage = true
      guard let correct = score["correct"]?.int, let total = score["total"]?.int else { continue }
      count(place, cell, correct, of: total)
    }
    if !others.isEmpty {
      details[cell] = Record((details[cell]?.entries ?? []).map { ($0.key, $0.value) } + others)
    }
    status[cell] = 1
  }

  private func place(of name: String) -> Int {
    if let place = metrics.firstIndex(where: { $0.name == name }) { return place }
    metrics.append(Metric(name, [Double](repeating: .nan, count: status.count)))
    return metrics.count - 1
  }

  private func count(_ place: Int, _ cell: Int, _ correct: Int, of total: Int) {
    let none = [Int](repeating: 0, count: status.count)
    if metrics[place].correct == nil {
      (metrics[place].correct, metrics[place].total) = (none, none)
    }
    metrics[place].correct?[cell] = correct
    metrics[place].total?[cell] = total
  }
}
