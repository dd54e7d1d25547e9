internal import Datasets
internal import Language

/// Averages over data sets, which papers compute in several ways under one name.
///
/// An average over data sets is taken seed by seed, and its deviation is that over seeds; one that lacks
/// a cell is not shown. Where a protocol trains on a source and tests on targets, the average of the
/// targets and that with the source stand apart: papers print either as "average". Under `hm` the average
/// is a mean of harmonic means; the harmonic mean of the averages has a row of its own.
extension ResultValue {
  /// The rows of a table: cells that differ in their seed only.
  struct Grouping {
    /// The axes that have a column.
    let axes: [Int]
    let rows: [Row]
    let averages: [Average]
    let seeds: Int

    /// Cells that differ in their seed only.
    struct Row {
      /// The places of its labels on the axes that have a column.
      let key: [Int]
      let cells: [Int]
    }

    /// An average over rows that differ in their data set only.
    struct Average {
      /// The places of its labels; that of the data set means nothing.
      let key: [Int]
      let title: String
      let rows: [Row]
      /// Whether it is the harmonic mean of the averages of base and new.
      let isHarmonicMean: Bool
    }
  }

  /// What an average of a metric comes to, seed by seed; nothing where a cell is missing.
  func average(_ metric: Metric, _ average: Grouping.Average) -> [Double] {
    guard average.rows.allSatisfy({ row in row.cells.allSatisfy { status[$0] == 1 } }),
      let seeds = average.rows.first?.cells.count
    else { return [] }
    func bySeed(_ metric: Metric) -> [Double] {
      (0..<seeds).map { seed in
        average.rows.reduce(0) { $0 + metric.values[$1.cells[seed]] } / Double(average.rows.count)
      }
    }
    guard average.isHarmonicMean else {
      let averages = bySeed(metric)
      return averages.contains(where: \.isNaN) ? [] : averages
    }
    guard metric.name == "hm", let base = metrics.first(where: { $0.name == "base" }),
      let new = metrics.first(where: { $0.name == "new" }),
      let means = try? (Aggregation.mean(bySeed(base)), Aggregation.mean(bySeed(new)))
    else { return [] }
    return [Aggregation.harmonicMean(means.0, means.1)]
  }

  /// The four numbers that papers call "H", each under its own name.
  func harmonicMeans() throws -> TableValue {
    let (base, new) = (try metric("base"), try metric("new"))
    let grouping = Grouping(self, showing: [])
    let groups = Dictionary(grouping: grouping.rows) { row in
      grouping.key(row, without: "dataset", of: self)
    }
    var lines: [(row: Grouping.Row, title: String?, ofMeans: Double, ofSeeds: String)] = []
    var averages: [(row: Grouping.Row, title: String?, ofMeans: Double, ofSeeds: String)] = []
    var seen: Set<[Int]> = []
    for first in grouping.rows {
      let key = grouping.key(first, without: "dataset", of: self)
      guard seen.insert(key).inserted else { continue }
      let rows = (groups[key] ?? []).filter { row in row.cells.allSatisfy { status[$0] == 1 } }
      guard !rows.isEmpty else { continue }
      let means = try HarmonicMeans(
        base: rows.map { $0.cells.map { base.values[$0] } },
        new: rows.map { $0.cells.map { new.values[$0] } })
      for (place, row) in rows.enumerated() {
        let spread = means.deviationOverSeeds[place].fixed(2)
        lines.append(
          (row, nil, means.ofSeedMeans[place], "\(means.meanOverSeeds[place].fixed(2)) ± \(spread)")
        )
      }
      guard rows.count > 1 else { continue }
      averages.append((first, "hm of averages", means.ofAverages, "–"))
      let mean = try Aggregation.mean(means.meanOverSeeds)
      averages.append((first, "mean of hms", means.meanOfHarmonicMeans, mean.fixed(2)))
    }
    let all = lines + averages
    var columns = grouping.axes.enumerated().map { index, axis in
      TableValue.Column(
        axes[axis].name,
        all.map { line in
          let isTitle = line.title != nil && axes[axis].name == "dataset"
          return Value(isTitle ? line.title ?? "" : axes[axis].labels[line.row.key[index]].text)
        })
    }
    columns.append(TableValue.Column("hm of seed means", all.map { .float($0.ofMeans) }))
    columns.append(TableValue.Column("mean of seeds' hms", all.map { Value($0.ofSeeds) }))
    return TableValue(head: head, columns)
  }
}

extension ResultValue.Grouping {
  /// - Parameter metrics: The names of the metrics that the table is of.
  init(_ result: ResultValue, showing metrics: Set<String>) {
    let all = result.axes
    seeds = all.first { $0.name == "seed" }?.labels.count ?? 1
    let shown = all.indices.filter { all[$0].name != "seed" }
    let varied = shown.filter { all[$0].labels.count > 1 || all[$0].name == "algorithm" }
    let unordered = varied.isEmpty ? shown : varied
    let axes =
      unordered.filter { all[$0].name == "dataset" }
      + unordered.filter { all[$0].name != "dataset" }
    self.axes = axes
    var cells: [[Int]: [Int]] = [:]
    var order: [[Int]] = []
    for cell in result.status.indices {
      let places = result.places(cell)
      let key = axes.map { places[$0] }
      if cells[key] == nil { order.append(key) }
      cells[key, default: []].append(cell)
    }
    rows = order.sorted { $0.lexicographicallyPrecedes($1) }.map {
      Row(key: $0, cells: cells[$0] ?? [])
    }
    averages = Self.averages(of: rows, axes, result, metrics)
  }

  /// A row's labels but those on one axis.
  func key(_ row: Row, without name: String, of result: ResultValue) -> [Int] {
    zip(axes, row.key).filter { result.axes[$0.0].name != name }.map(\.1)
  }

  private static func averages(
    of rows: [Row], _ axes: [Int], _ result: ResultValue, _ metrics: Set<String>
  ) -> [Average] {
    guard
      let place = axes.firstIndex(where: {
        result.axes[$0].name == "dataset" && result.axes[$0].labels.count > 1
      })
    else { return [] }
    let labels = result.axes[axes[place]].labels.map(\.text)
    let source = result.about["source"]?.string.flatMap { labels.firstIndex(of: $0) }
    var kinds: [(title: String, leavesOut: Int?, isHarmonicMean: Bool)] = []
    if let source {
      kinds = [("average of targets", source, false), ("average with source", nil, false)]
      if labels.count < 3 { kinds.removeFirst() }
    } else {
      kinds = [("average", nil, false)]
      let names = Set(result.metrics.map(\.name))
      if metrics.contains("hm"), names.isSuperset(of: ["base", "new", "hm"]) {
        kinds.append(("hm of averages", nil, true))
      }
    }
    func key(_ row: Row) -> [Int] {
      var key = row.key
      key[place] = 0
      return key
    }
    var seen: Set<[Int]> = []
    let keys = rows.map(key).filter { seen.insert($0).inserted }
    let groups = Dictionary(grouping: rows, by: key)
    return kinds.flatMap { kind in
      keys.map { key in
        let members = (groups[key] ?? []).filter { $0.key[place] != kind.leavesOut }
        return Average(
          key: key, title: kind.title, rows: members, isHarmonicMean: kind.isHarmonicMean)
      }
    }
  }
}
