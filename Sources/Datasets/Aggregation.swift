/// Means over seeds and data sets.
package enum Aggregation {
  /// The plain mean; throws ``DatasetError/metric(_:)`` for no values.
  package static func mean(_ values: [Double]) throws(DatasetError) -> Double {
    guard !values.isEmpty else { throw .metric("a mean of no values") }
    return values.reduce(0, +) / Double(values.count)
  }

  /// The *population* standard deviation, √(Σ (x − mean)² / n): what published tables mostly print.
  package static func deviation(_ values: [Double]) throws(DatasetError) -> Double {
    let mean = try mean(values)
    return try Self.mean(values.map { ($0 - mean) * ($0 - mean) }).squareRoot()
  }

  /// 2 a b / (a + b), and 0 where a + b = 0.
  package static func harmonicMean(_ a: Double, _ b: Double) -> Double {
    a + b == 0 ? 0 : 2 * a * b / (a + b)
  }
}

/// The four numbers that papers call "H" in base-to-new tables, each under its own name.
///
/// Published tables mix them, even within a column; comparing one with another is worth up to half a
/// point. Rows of `base` and `new` are data sets, columns are seeds.
package struct HarmonicMeans: Equatable, Sendable {
  /// For each data set, HM(mean base, mean new): the usual one in papers.
  package let ofSeedMeans: [Double]
  /// For each data set, the mean over seeds of HM(base, new); the only one with a deviation.
  package let meanOverSeeds: [Double]
  /// For each data set, the population deviation over seeds of HM(base, new).
  package let deviationOverSeeds: [Double]
  /// Over data sets, HM(mean base, mean new).
  package let ofAverages: Double
  /// Over data sets, the mean of ``ofSeedMeans``.
  package let meanOfHarmonicMeans: Double

  /// Throws ``DatasetError/lengths(_:_:_:)`` for tables of different shapes and
  /// ``DatasetError/metric(_:)`` for empty ones.
  package init(base: [[Double]], new: [[Double]]) throws(DatasetError) {
    guard base.count == new.count else { throw .lengths("data sets", base.count, new.count) }
    var (baseMeans, newMeans): ([Double], [Double]) = ([], [])
    var (means, deviations): ([Double], [Double]) = ([], [])
    for (base, new) in zip(base, new) {
      guard base.count == new.count else { throw .lengths("seeds", base.count, new.count) }
      baseMeans.append(try Aggregation.mean(base))
      newMeans.append(try Aggregation.mean(new))
      let each = zip(base, new).map { Aggregation.harmonicMean($0, $1) }
      means.append(try Aggregation.mean(each))
      deviations.append(try Aggregation.deviation(each))
    }
    ofSeedMeans = zip(baseMeans, newMeans).map { Aggregation.harmonicMean($0, $1) }
    meanOverSeeds = means
    deviationOverSeeds = deviations
    ofAverages = Aggregation.harmonicMean(
      try Aggregation.mean(baseMeans), try Aggregation.mean(newMeans))
    meanOfHarmonicMeans = try Aggregation.mean(ofSeedMeans)
  }
}
