internal import Language

/// The values of earlier entries: `_` is the last one, `_3` that of the third.
///
/// They are kept in a ring with a limit in bytes and one in number, so that repeating a cell does not
/// fill the memory; what falls out of it is said.
struct Outputs {
  private var kept: [(number: Int, bytes: Int)] = []
  private let limit: Int
  private static let countLimit = 100

  /// Outputs of at most so many bytes together.
  init(limit: Int = 512 << 20) { self.limit = limit }

  /// How many there are, and about how large they are.
  var summary: String {
    let bytes = kept.reduce(0) { $0 + $1.bytes }
    return "\(kept.count) kept, about \((bytes + 999_999) / 1_000_000) MB of \(limit / 1_000_000)"
  }

  /// Keeps a value; the numbers of those that had to go.
  mutating func keep(_ value: Value, number: Int, in session: Session) -> [Int] {
    let bytes = value.approximateBytes
    session.define("_", value)
    session.define("_\(number)", value)
    kept.append((number, bytes))
    var dropped: [Int] = []
    while kept.count > 1, kept.count > Self.countLimit || kept.reduce(0, { $0 + $1.bytes }) > limit
    {
      let number = kept.removeFirst().number
      session.define("_\(number)", .nil)
      dropped.append(number)
    }
    return dropped
  }
}

extension Value {
  /// About how many bytes the value holds: numbers of tensors, texts, and what lists contain.
  var approximateBytes: Int {
    var budget = 100_000
    return bytes(&budget)
  }

  /// Looks at no more than a budget of values, and takes the rest to be like the others.
  private func bytes(_ budget: inout Int) -> Int {
    budget -= 1
    switch self {
    case .string(let box): return box.text.utf8.count
    case .list(let box): return Self.bytes(of: box.items, &budget)
    case .record(let box):
      let record = box.record
      return Self.bytes(of: record.values, &budget)
    case .module(let module):
      return Self.bytes(of: module.entries.map(\.value), &budget)
    case .host(let box):
      let shape = (box.object as? any HostShaped)?.shape ?? []
      return shape.reduce(4) { $0.multipliedReportingOverflow(by: $1).partialValue }
    default: return 16
    }
  }

  private static func bytes(of values: [Value], _ budget: inout Int) -> Int {
    var sum = 0
    for (index, value) in values.enumerated() {
      guard budget > 0 else { return index == 0 ? 0 : sum / index * values.count }
      sum += 16 + value.bytes(&budget)
    }
    return sum
  }
}
