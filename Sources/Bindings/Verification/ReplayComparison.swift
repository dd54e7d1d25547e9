internal import Foundation
internal import Language
internal import Tensor

/// Compares what a script has computed with what a reference file expects of it.
struct ReplayComparison {
  private let given: ReplayFile
  private let result: Record

  init(_ given: ReplayFile, _ result: Record) {
    (self.given, self.result) = (given, result)
  }

  /// The worst of the entries.
  private struct Worst {
    var entry = ""
    var error = 0.0
    var bound = 1.0

    var ratio: Double { bound > 0 ? error / bound : error > 0 ? .infinity : 0 }
    var words: String { "\(Self.short(error)) of \(Self.short(bound))" }

    private static func short(_ number: Double) -> String {
      number == 0 ? "0" : String(format: "%.1e", number)
    }
  }

  var outcome: ReferenceCase.Outcome {
    do throws(ReplayFailure) {
      try compareParameters()
      var worst: Worst?
      var failures = 0
      for entry in given.expected {
        let own = try compare(entry)
        if own.error > own.bound { failures += 1 }
        if worst.map({ own.ratio > $0.ratio }) ?? true { worst = own }
      }
      guard let worst else { return .failed("expected: it holds nothing") }
      if failures == 0 { return .passed(.init(entry: worst.entry, error: worst.words)) }
      let count = given.expected.count
      return .failed(
        "\(worst.entry): \(worst.words); \(failures) of \(count) entries differ too much")
    } catch {
      return .failed(error.words)
    }
  }

  /// The method learns exactly what the file has start values for.
  private func compareParameters() throws(ReplayFailure) {
    let learned = result["grad"]?.record?.keys ?? []
    if let name = given.parameters.first(where: { !learned.contains($0) }) {
      throw ReplayFailure("param: the method does not learn '\(name)'")
    }
    if let name = learned.first(where: { !given.parameters.contains($0) }) {
      throw ReplayFailure("param: the method learns '\(name)', and the file does not start it")
    }
  }

  private func compare(_ entry: ReplayFile.Entry) throws(ReplayFailure) -> Worst {
    guard let bound = given.tolerance.bound(of: entry) else {
      throw ReplayFailure("\(entry.path): no rule says how exact it must be")
    }
    guard let value = value(at: entry.path) else {
      throw ReplayFailure("\(entry.path): the library does not compute it")
    }
    guard let numbers = Numbers(value) else {
      throw ReplayFailure("\(entry.path): \(value.describedKind) came, not numbers")
    }
    guard numbers.shape == entry.shape else {
      throw ReplayFailure("\(entry.path): the shape \(numbers.shape), not \(entry.shape)")
    }
    var worst = Worst(entry: entry.path, bound: bound.bound)
    for (index, (own, expected)) in zip(numbers.values, entry.values).enumerated() {
      guard own.isFinite else { throw ReplayFailure("\(entry.path): it is not finite") }
      let error = bound.error(abs(own - expected))
      if error > worst.error {
        worst.error = error
        worst.entry = entry.path + Self.place(index, in: entry.shape)
      }
    }
    return worst
  }

  private func value(at path: String) -> Value? {
    path.split(separator: "/").map(String.init).reduce(Value(result)) { value, name in
      value?.record?[name]
    }
  }

  /// "[2, 5]"; nothing for a single number.
  private static func place(_ index: Int, in shape: [Int]) -> String {
    if shape.isEmpty { return "" }
    var (rest, places) = (index, [Int]())
    for extent in shape.reversed() {
      places.insert(rest % extent, at: 0)
      rest /= extent
    }
    return "\(places)"
  }
}

/// A number, a tensor, or a list of them of one shape.
private struct Numbers {
  let shape: [Int]
  let values: [Double]

  init?(_ value: Value, depth: Int = 0) {
    if let number = value.number {
      (shape, values) = ([], [number])
    } else if let tensor = (value.object as? TensorValue)?.tensor {
      (shape, values) = (tensor.shape, tensor.elements.map(Double.init))
    } else if let items = value.list, depth < 16 {
      let parts = items.compactMap { Numbers($0, depth: depth + 1) }
      guard let first = parts.first, parts.count == items.count,
        parts.allSatisfy({ $0.shape == first.shape })
      else { return nil }
      (shape, values) = ([parts.count] + first.shape, parts.flatMap(\.values))
    } else {
      return nil
    }
  }
}
