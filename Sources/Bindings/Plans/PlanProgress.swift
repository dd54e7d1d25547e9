/// How far a plan of cells has come, for people who wait for it.
package struct PlanProgress {
  /// The cell that is worked on, counted from 1, and how many there are.
  package var number: Int
  package let total: Int
  /// Seconds that the rest will take, once a cell has been finished.
  package var secondsLeft: Double?
  /// Whether the news is about the plan itself, and not about a task of one of its cells.
  package var isAlone = false
}

/// How long cells take: seconds by group, such as the algorithm.
///
/// Cells of one algorithm take about as long as each other, those of two may differ a hundredfold. So the rest of
/// a plan takes, for each cell to come, what the cells of its group took on average; a group
/// of which none is finished yet takes what all took.
package struct CellTimes {
  private var sums: [String: (seconds: Double, count: Int)] = [:]

  /// Nothing is known yet.
  package init() {}

  /// A cell of a group took so many seconds.
  package mutating func add(_ seconds: Double, of group: String) {
    let old = sums[group] ?? (0, 0)
    sums[group] = (old.seconds + seconds, old.count + 1)
  }

  /// Seconds for one cell of each of these groups, one after the other; nil if nothing is known.
  package func estimate(_ groups: [String]) -> Double? {
    let count = sums.values.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let mean = sums.values.reduce(0) { $0 + $1.seconds } / Double(count)
    return groups.reduce(0) { sum, group in
      sum + (sums[group].map { $0.seconds / Double($0.count) } ?? mean)
    }
  }
}
