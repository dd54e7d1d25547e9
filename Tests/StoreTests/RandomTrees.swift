import Store
import Tensor

/// SplitMix64: the same trees for the same seed, on every machine.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
}

extension StoredValue {
  private static let texts = [
    "", "a", "a/b", ".", "..", "...", "%", "%25", "a%2Fb", "é", "e\u{301}", "漢字", "👩‍🔬", "a\0b",
    "\0", "line\nbreak", " space ", "ctx.3", "\u{202E}", String(repeating: "long ", count: 300),
  ]
  private static let numbers: [Double] = [
    0, -0.0, 1, .pi, .infinity, -.infinity, .nan, .signalingNaN, .leastNonzeroMagnitude,
    .greatestFiniteMagnitude, Double(bitPattern: 0x7FF8_0000_0000_1234), 0.1,
  ]
  private static let integers = [0, 1, -1, .max, .min, 1 << 53 + 1, 42]

  /// Any value; the deeper, the simpler.
  static func random(_ generator: inout Seeded, depth: Int = 0) throws -> StoredValue {
    switch generator.below(depth < 4 ? 13 : 7) {
    case 0: return .nothing
    case 1: return .bool(generator.below(2) == 0)
    case 2: return .int(integers[generator.below(integers.count)])
    case 3: return .float(numbers[generator.below(numbers.count)])
    case 4: return .string(texts[generator.below(texts.count)])
    case 5:
      return .range(
        StoredRange(
          lower: integers[generator.below(7)], upper: integers[generator.below(7)],
          isClosed: generator.below(2) == 0))
    case 6: return .tensor(try tensor(&generator))
    case 7:
      return .list(
        try (0..<generator.below(5)).map { _ in try random(&generator, depth: depth + 1) })
    case 8: return .list((0..<generator.below(300)).map { .int($0 * $0) })
    case 9:
      let columns = generator.below(4)
      return .list(
        (0..<generator.below(4)).map { row in
          .list((0..<columns).map { .string(texts[(row + $0) % texts.count]) })
        })
    case 10: return .table(try table(&generator))
    default:
      var keys = texts.filter { $0 != "é" || $0.unicodeScalars.count == 1 }
      let fields = try (0..<generator.below(6)).map { _ in
        let key = keys.remove(at: generator.below(keys.count))
        return Field(key, try random(&generator, depth: depth + 1))
      }
      return .record(fields)
    }
  }

  private static func tensor(_ generator: inout Seeded) throws -> Tensor {
    let shape = (0..<generator.below(4)).map { _ in generator.below(5) }
    let elements = (0..<shape.reduce(1, *)).map { _ in
      Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
    }
    return try Tensor(shape: shape, elements: elements)
  }

  private static func table(_ generator: inout Seeded) throws -> StoredTable {
    let rows = generator.below(4)
    let kinds: [StoredArray.Elements] = [
      .integers((0..<rows).map { integers[$0] }), .floats((0..<rows).map { numbers[$0 + 4] }),
      .booleans((0..<rows).map { $0 == 1 }), .strings((0..<rows).map { texts[$0 + 11] }),
    ]
    let columns = (0..<generator.below(5)).map { index in
      StoredTable.Column(
        texts[(index * 3) % texts.count], StoredArray(shape: [rows], kinds[index % 4]),
        units: index == 1 ? "%" : nil, longName: index == 2 ? "a longer name" : nil)
    }
    return try StoredTable(columns)
  }
}
