internal import Store

/// Vectors of one kind, which make one case together: all agree, or the first that does not is named.
struct VectorGroup {
  let name: String
  let vectors: [JSON]
  /// What speaks against a vector; nil if the program agrees with it.
  let objection: (JSON) throws -> String?

  var reference: ReferenceCase {
    ReferenceCase(name: name) {
      guard !vectors.isEmpty else { return .failed("it lists no vectors") }
      for (number, vector) in vectors.enumerated() {
        do {
          if let why = try objection(vector) { return .failed("vector \(number): \(why)") }
        } catch {
          return .failed("vector \(number): it was refused: \(error)")
        }
      }
      return .passed(.init(entry: "vectors", error: "\(vectors.count) of \(vectors.count) equal"))
    }
  }

  /// Why two lists of whole numbers differ.
  static func difference(_ what: String, _ own: [Int], _ expected: JSON?) -> String? {
    guard let expected = expected?.ints else { return "it has no whole numbers '\(what)'" }
    guard own != expected else { return nil }
    guard own.count == expected.count else {
      return "\(what): \(own.count) numbers, not \(expected.count)"
    }
    let place = zip(own, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
    return "\(what)[\(place)]: \(own[place]), not \(expected[place])"
  }

  /// Why numbers differ by more than their last digits.
  static func difference(_ what: String, _ own: [Double], _ expected: JSON?) -> String? {
    let numbers = expected?.array?.compactMap(\.double) ?? expected?.double.map { [$0] }
    guard let numbers, numbers.count == expected?.array?.count ?? 1 else {
      return "it has no numbers '\(what)'"
    }
    guard own.count == numbers.count else {
      return "\(what): \(own.count) numbers, not \(numbers.count)"
    }
    for (place, (mine, theirs)) in zip(own, numbers).enumerated() {
      let isClose = abs(mine - theirs) <= 1e-9 * max(abs(mine), abs(theirs), 1e-3)
      if !isClose { return "\(what)[\(place)]: \(mine), not \(theirs)" }
    }
    return nil
  }
}

extension JSON {
  /// The elements of an array of whole numbers only.
  var ints: [Int]? {
    let numbers = array?.compactMap(\.int)
    return numbers?.count == array?.count ? numbers : nil
  }

  /// The elements of an array of arrays of numbers only.
  var rows: [[Double]]? {
    guard let array else { return nil }
    let rows = array.compactMap { row -> [Double]? in
      let numbers = row.array?.compactMap(\.double)
      return numbers?.count == row.array?.count ? numbers : nil
    }
    return rows.count == array.count ? rows : nil
  }
}
