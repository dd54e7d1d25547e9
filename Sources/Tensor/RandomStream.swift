internal import Glibc

/// A named stream of random numbers.
///
/// A seed and a name ("init", "order", "augmentation") give a key of ``Philox``; the stream is its
/// blocks in order. So streams of one run do not disturb each other, and a stream's place is one
/// number, which a checkpoint keeps.
package struct RandomStream: Sendable {
  /// How many numbers of 32 bits have been taken.
  package private(set) var position: UInt64
  private let generator: Philox
  /// The block that holds the next number, once it has been asked for.
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)

  package init(seed: Int, name: String, position: UInt64 = 0) {
    var hash = Self.mixed(UInt64(bitPattern: Int64(seed)))
    for byte in name.utf8 { hash = Self.mixed(hash ^ UInt64(byte)) }
    hash = Self.mixed(hash)
    generator = Philox(
      key: (UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32)))
    self.position = position
    enterBlock()
  }

  /// The finaliser of SplitMix64.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 32 random bits.
  package mutating func word() -> UInt32 {
    if position % 4 == 0 { enterBlock() }
    defer { position += 1 }
    switch position % 4 {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  private mutating func enterBlock() {
    let index = position / 4
    block = generator.block(
      (UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), 0, 0))
  }

  /// Uniform in [0, 1), with 24 bits.
  package mutating func uniform() -> Float { Float(word() >> 8) * 0x1p-24 }

  /// Uniform in 0 ..< count, without bias.
  package mutating func below(_ count: Int) -> Int {
    precondition(count > 0 && count <= Int(UInt32.max), "cannot draw one of \(count)")
    let count = UInt32(count)
    while true {
      let product = word().multipliedFullWidth(by: count)
      if product.low >= (0 &- count) % count { return Int(product.high) }
    }
  }

  /// A standard normal number: √(−2 ln u) cos(2π v) of two uniform ones, u in (0, 1].
  package mutating func normal() -> Float {
    let u = (Double(word()) + 1) * 0x1p-32
    let v = Double(word()) * 0x1p-32
    return Float((-2 * log(u)).squareRoot() * cos(2 * Double.pi * v))
  }

  /// 0 ..< count in random order (Fisher and Yates).
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in order.indices.dropFirst().reversed() { order.swapAt(last, below(last + 1)) }
    return order
  }
}

extension Tensor {
  /// Normal numbers of mean 0.
  package static func normal(
    _ shape: [Int], deviation: Float, from stream: inout RandomStream
  ) throws(TensorError) -> Tensor {
    let count = try count(of: shape)
    return try Tensor.make(shape) { out in
      for index in 0..<count { out[index] = deviation * stream.normal() }
    }
  }

  /// Numbers uniform in [low, high); `high` itself may appear where rounding leads to it.
  package static func uniform(
    _ shape: [Int], low: Float, high: Float, from stream: inout RandomStream
  ) throws(TensorError) -> Tensor {
    let count = try count(of: shape)
    return try Tensor.make(shape) { out in
      for index in 0..<count { out[index] = low + (high - low) * stream.uniform() }
    }
  }
}
