internal import Foundation
internal import Tensor

/// How a tensor looks: one line that sums it up, and a corner of its values, never a flood.
enum TensorPrinting {
  /// Elements that the summary looks at: the cost of printing is bounded.
  private static let sample = 1 << 20
  private static let rows = 6
  private static let columns = 8

  static func shape(_ shape: [Int]) -> String {
    "[\(shape.map(String.init).joined(separator: ", "))]"
  }

  /// Four significant digits.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return String(format: "%.4g", value)
  }

  static func display(_ tensor: Tensor, width: Int) -> String {
    if tensor.count == 1 {
      let value = number(Double(tensor[flat: 0]))
      return tensor.rank == 0 ? value : "Tensor\(shape(tensor.shape)) \(value)"
    }
    guard tensor.count > 0 else { return "Tensor\(shape(tensor.shape))" }
    return ([headline(tensor)] + corner(tensor, width: width)).joined(separator: "\n")
  }

  private static func headline(_ tensor: Tensor) -> String {
    let seen = min(tensor.count, sample)
    var (low, high, total, missing) = (Double.infinity, -Double.infinity, 0.0, 0)
    for index in 0..<seen {
      let value = Double(tensor[flat: index])
      if value.isNaN {
        missing += 1
        continue
      }
      low = min(low, value)
      high = max(high, value)
      total += value
    }
    var parts = ["Tensor\(shape(tensor.shape))"]
    if missing < seen {
      parts.append("min \(number(low))")
      parts.append("mean \(number(total / Double(seen - missing)))")
      parts.append("max \(number(high))")
    }
    if missing > 0 { parts.append("\(missing) NaN") }
    if seen < tensor.count { parts.append("(of the first \(seen) elements)") }
    return parts.joined(separator: "  ")
  }

  /// The first rows and columns of the last two axes, right-aligned; `…` where something is left out.
  private static func corner(_ tensor: Tensor, width: Int) -> [String] {
    let last = tensor.shape[tensor.rank - 1]
    let before = tensor.rank > 1 ? tensor.shape[tensor.rank - 2] : 1
    let shownRows = min(before, rows)
    var shown = min(last, columns)
    var cells = (0..<shownRows).map { row in
      (0..<shown).map { number(Double(tensor[flat: row * last + $0])) }
    }
    let cell = (cells.flatMap { $0 }.map(\.count).max() ?? 1) + 2
    shown = max(1, min(shown, (width - 4) / cell))
    cells = cells.map { Array($0.prefix(shown)) }
    var lines = cells.map { row in
      row.map { String(repeating: " ", count: cell - $0.count) + $0 }.joined()
        + (shown < last ? "  …" : "")
    }
    if shownRows < before || tensor.rank > 2 && tensor.count > before * last { lines.append("  …") }
    return lines
  }
}
