internal import Language

extension RangeBox {
  /// The positions that it picks on an axis. There are `extent` that count from the start and as many
  /// that count from the end: a longer range has one that is refused, and the rest need no memory.
  func positions(in extent: Int) -> [Int] {
    let (stop, isBeyondInt) = start.addingReportingOverflow(2 * extent + 1)
    return Array(start..<max(start, isBeyondInt ? end : min(end, stop)))
  }
}
