internal import Datasets
package import Language

extension ResultValue {
  /// Lines that say what the numbers are about. Drawn data are named first.
  package var head: [String] {
    var lines: [String] = []
    let model = about["model"]?.string ?? "mini"
    if about["data_kind"]?.string?.contains("synthetic") == true {
      lines.append("synthetic: Shapes world, model \(model)")
    } else if about["model_kind"]?.string == "synthetic" {
      lines.append("model \(model) has learned from drawings only")
    }
    if let title = about["title"]?.string {
      let sets = axes.first { $0.name == "dataset" }?.labels ?? []
      let parts = [title] + (title.hasSuffix("shots") ? [] : shots.map { ["\($0) shots"] } ?? [])
      lines.append((parts + (sets.count == 1 ? [sets[0].text] : [])).joined(separator: ", "))
    }
    if let origin = about["data_origin"]?.string, origin.contains("own split") {
      lines.append("\(origin): not the split that others publish results on")
    } else if let origin = about["data_origin"]?.string, origin.contains("own order") {
      lines.append("\(origin): other pictures are drawn than in published results")
    }
    let done = status.count { $0 == 1 }
    if done < status.count { lines.append("\(done) of \(status.count) cells done") }
    return lines
  }

  /// How many pictures of each class were learned; nil where it varies or nobody said.
  private var shots: String? {
    if let shots = about["shots"]?.int { return "\(shots)" }
    guard let labels = axes.first(where: { $0.name == "shots" })?.labels else { return nil }
    return labels.map(\.text).joined(separator: ", ")
  }

  /// The metrics that a table shows unless it is asked for others.
  var shown: [Metric] {
    guard let names = about["shown"]?.string?.split(separator: " ").map(String.init) else {
      return metrics
    }
    return metrics.filter { names.contains($0.name) }
  }

  /// The means of what the protocol is about, and below them the averages over data sets.
  package var table: TableValue { means(of: shown) }

  /// The averages over data sets alone.
  var averages: TableValue { means(of: shown, onlyAverages: true) }

  /// One row for each combination of the axes but `seed`, over which means are taken; an axis with one
  /// label has no column beside others. A mean over fewer seeds than there are says so.
  func means(of metrics: [Metric], onlyAverages: Bool = false) -> TableValue {
    let grouping = Grouping(self, showing: Set(metrics.map(\.name)))
    let rows = onlyAverages ? [] : grouping.rows
    var columns = grouping.axes.enumerated().map { index, axis in
      TableValue.Column(
        axes[axis].name,
        rows.map { Value(axes[axis].labels[$0.key[index]].text) }
          + grouping.averages.map { row in
            let isDataset = axes[axis].name == "dataset"
            return Value(isDataset ? row.title : axes[axis].labels[row.key[index]].text)
          })
    }
    for metric in metrics {
      columns.append(
        TableValue.Column(
          metric.name,
          rows.map { row in
            let numbers = row.cells.filter { status[$0] == 1 }.map { metric.values[$0] }
            return Self.meanAndSpread(numbers, seeds: grouping.seeds)
          }
            + grouping.averages.map { row in
              Self.meanAndSpread(
                average(metric, row), seeds: row.isHarmonicMean ? 1 : grouping.seeds)
            }))
    }
    let isWhole = status.allSatisfy { $0 == 1 }
    let over = isWhole ? "\(grouping.seeds) seeds" : "the seeds done"
    let note =
      grouping.seeds > 1 ? ["mean ± population standard deviation over \(over)"] : []
    return TableValue(head: head + note, columns)
  }

  private static func meanAndSpread(_ numbers: [Double], seeds: Int) -> Value {
    let numbers = numbers.filter { !$0.isNaN }
    guard let mean = try? Aggregation.mean(numbers) else { return .nil }
    guard seeds > 1 else { return .float(mean) }
    let spread = (try? Aggregation.deviation(numbers)) ?? .nan
    let part = numbers.count < seeds ? " (\(numbers.count) of \(seeds))" : ""
    return Value("\(mean.fixed(2)) ± \(spread.fixed(2))\(part)")
  }

  /// One row for each cell: every seed's numbers, with the counts behind percentages.
  package var cells: TableValue {
    var columns = axes.indices.map { axis in
      TableValue.Column(
        axes[axis].name,
        status.indices.map { cell -> Value in
          switch axes[axis].labels[places(cell)[axis]] {
          case .int(let number): .int(number)
          case .float(let number): .float(number)
          case .text(let text): Value(text)
          }
        })
    }
    for metric in metrics {
      columns.append(TableValue.Column(metric.name, metric.values.map(Value.float)))
      guard let correct = metric.correct, let total = metric.total else { continue }
      for (name, counts) in [("correct", correct), ("total", total)] {
        columns.append(
          TableValue.Column(
            "\(metric.name)_\(name)",
            status.indices.map { status[$0] == 1 ? .int(counts[$0]) : .nil }))
      }
    }
    return TableValue(head: head, columns)
  }

  /// The mean of a metric over the cells that were run and whose labels are the given ones.
  func mean(_ name: String, where chosen: Record) throws -> Double {
    let metric = try metric(name)
    var numbers: [Double] = []
    for cell in status.indices where status[cell] == 1 {
      if try matches(cell, chosen) { numbers.append(metric.values[cell]) }
    }
    guard !numbers.isEmpty else { throw Fault(.value, "no cell that was run is like that") }
    return numbers.reduce(0, +) / Double(numbers.count)
  }

  /// The metric of a name.
  func metric(_ name: String) throws -> Metric {
    guard let metric = metrics.first(where: { $0.name == name }) else {
      throw Fault(
        .key, "there is no metric \"\(name)\"",
        help: "there are \(metrics.map { "`\($0.name)`" }.joined(separator: ", "))")
    }
    return metric
  }

  private func matches(_ cell: Int, _ chosen: Record) throws -> Bool {
    let places = places(cell)
    for (name, value) in chosen.entries {
      guard let axis = axes.firstIndex(where: { $0.name == name }) else {
        throw Fault(
          .key, "there is no axis \"\(name)\"",
          help: "there are \(axes.map { "`\($0.name)`" }.joined(separator: ", "))")
      }
      if axes[axis].labels[places[axis]] != Label(value) { return false }
    }
    return true
  }
}

extension ResultValue.Label {
  /// The labels of an axis: Ints among floats become floats.
  static func alike(_ labels: [Self]) -> [Self] {
    let numbers = labels.compactMap(\.number)
    guard numbers.count == labels.count, labels.contains(where: \.isFloat) else { return labels }
    return numbers.map(Self.float)
  }

  private var isFloat: Bool { if case .float = self { true } else { false } }

  /// A number, a text, or the name of a method or object; nil for anything else.
  init?(_ value: Value) {
    switch value {
    case .int(let number): self = .int(number)
    case .float(let number):
      if number.isNaN { return nil }
      self = .float(number)
    case .definition(let definition): self = .text(definition.name)
    case .function(let closure): self = .text(closure.name ?? "function")
    case .module(let module): self = .text(module.definition.name)
    default:
      guard let text = value.string ?? (value.object as? DatasetValue)?.dataset.name else {
        return nil
      }
      self = .text(text)
    }
  }
}

extension ResultValue: HostMembers, HostMethods {
  package var memberNames: [String] {
    ["table", "cells", "averages", "harmonic_means", "about", "axes", "metrics"]
  }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "table": Value(table)
    case "cells": Value(cells)
    case "averages": Value(averages)
    case "harmonic_means": Value(try harmonicMeans())
    case "about": Value(about)
    case "axes": Value(axes.map { Value($0.name) })
    case "metrics": Value(metrics.map { Value($0.name) })
    default: nil
    }
  }

  package static var methods: [Native] {
    [
      Native(
        "mean(metric: String, at: Record = {}) -> Float",
        "The mean of a metric over all cells, or over those with the given labels, as in "
          + "`result.mean(\"hm\", at: {algorithm: \"Mine\"})`."
      ) {
        let result: ResultValue = try $0.receiver()
        return .float(try result.mean($0.string(0), where: $0.record(1)))
      },
      Native(
        "means(metrics: List) -> Table",
        "The table of these metrics: means over seeds with population standard deviations, and "
          + "averages over data sets. `result.table` shows the protocol's main ones, "
          + "`result.metrics` names all."
      ) {
        let result: ResultValue = try $0.receiver()
        let metrics = try $0.strings(0).map { try result.metric($0) }
        return Value(result.means(of: metrics))
      },
      Native(
        "missing() -> List", "The cells that have not been run: records of `number` and `cell`."
      ) {
        let result: ResultValue = try $0.receiver()
        return Value(
          result.status.indices.filter { result.status[$0] == 0 }.map { cell in
            Value(Record([("number", .int(cell)), ("cell", Value(result.arguments(cell)))]))
          })
      },
      Native(
        "put(number: Int, metrics: Record)",
        "Keeps the metrics of a cell: numbers, or scores with their counts."
      ) {
        let result: ResultValue = try $0.receiver()
        let cell = try $0.int(0)
        guard result.status.indices.contains(cell) else {
          throw $0.fault(0, "must be the number of a cell")
        }
        try result.put(cell, $0.record(1))
        return .nil
      },
      Native(
        "keep(path: String)",
        "Saves the result together with the cells that other processes have meanwhile saved in the "
          + "same file: the result has them, too, from then on. The file must be of the same axes "
          + "and about the same."
      ) { arguments in
        let result: ResultValue = try arguments.receiver()
        try result.engine.keep(result, arguments)
        return .nil
      },
    ]
  }
}
