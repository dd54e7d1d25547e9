package import Testing

/// Expects numbers to be near each other: each differs by at most `absolute` plus `relative` times the
/// largest expected magnitude. Infinities must be equal, NaN must meet NaN.
package func expectClose(
  _ numbers: [Float], _ expected: [Float], absolute: Float = 0, relative: Float = 0,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard numbers.count == expected.count else {
    Issue.record(
      "\(what): \(numbers.count) numbers instead of \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  let size = expected.lazy.filter(\.isFinite).map(abs).max() ?? 0
  let allowed = absolute + relative * size
  var worst: (index: Int, distance: Float)?
  for (index, (a, b)) in zip(numbers, expected).enumerated() {
    if a == b || (a.isNaN && b.isNaN) { continue }
    let distance = abs(a - b)
    if distance <= allowed { continue }
    if let found = worst, found.distance >= distance { continue }
    worst = (index, distance)
  }
  if let worst {
    Issue.record(
      """
      \(what): number \(worst.index) is \(numbers[worst.index]), not \(expected[worst.index]); \
      \(allowed) is allowed
      """, sourceLocation: sourceLocation)
  }
}
