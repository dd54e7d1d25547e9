/// MT19937 with the calls of CPython's `random`, for the one purpose of meeting the official draws.
///
/// The published few-shot subsets are `random.sample` and `random.shuffle` after `random.seed`; the
/// same seed must choose the same pictures here. Everything else in the program draws from
/// `RandomStream`.
///
/// Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 1998.
package struct MersenneTwister: Sendable {
  private var state: [UInt32]
  /// The next word of the state to give out; at the end a new state is made.
  private var place = size

  private static let size = 624

  /// Seeds like `random.seed(seed)`: with the 32-bit words of |seed|.
  package init(seed: Int) {
    let magnitude = seed.magnitude
    let high = UInt32(truncatingIfNeeded: magnitude >> 32)
    let low = UInt32(truncatingIfNeeded: magnitude)
    let key = high == 0 ? [low] : [low, high]
    state = [19_650_218]
    for i in 1..<Self.size {
      state.append(1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i))
    }
    var i = 1
    func step(_ x: inout [UInt32], _ factor: UInt32, _ change: (UInt32) -> UInt32) {
      x[i] = change(x[i] ^ ((x[i - 1] ^ (x[i - 1] >> 30)) &* factor))
      i += 1
      if i == Self.size {
        x[0] = x[Self.size - 1]
        i = 1
      }
    }
    for round in 0..<Self.size {
      let j = round % key.count
      step(&state, 1_664_525) { $0 &+ key[j] &+ UInt32(j) }
    }
    for _ in 1..<Self.size {
      let index = UInt32(i)
      step(&state, 1_566_083_941) { $0 &- index }
    }
    state[0] = 0x8000_0000
  }

  /// 32 random bits.
  package mutating func word() -> UInt32 {
    if place == Self.size { twist() }
    var y = state[place]
    place += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    return y ^ (y >> 18)
  }

  private mutating func twist() {
    for i in 0..<Self.size {
      let y = (state[i] & 0x8000_0000) | (state[(i + 1) % Self.size] & 0x7FFF_FFFF)
      state[i] = state[(i + 397) % Self.size] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    place = 0
  }

  /// Uniform in 0 ..< count, like `_randbelow`: as many bits as `count` has, again while too large.
  package mutating func below(_ count: Int) -> Int {
    precondition(count > 0 && count <= UInt32.max, "cannot draw one of \(count)")
    let unused = UInt32(count).leadingZeroBitCount
    while true {
      let number = Int(word() >> UInt32(unused))
      if number < count { return number }
    }
  }

  /// `count` distinct positions of a list of `total`, like `sample`: from a shrinking pool when the
  /// list is short, else by drawing again what was drawn before.
  package mutating func sample(_ count: Int, of total: Int) -> [Int] {
    precondition((0...total).contains(count), "cannot choose \(count) of \(total)")
    var poolSize = 21
    if count > 5 {
      var power = 1
      while power < 3 * count { power *= 4 }
      poolSize += power
    }
    var chosen: [Int] = []
    if total <= poolSize {
      var pool = Array(0..<total)
      for i in 0..<count {
        let j = below(total - i)
        chosen.append(pool[j])
        pool[j] = pool[total - i - 1]
      }
    } else {
      var seen: Set<Int> = []
      while chosen.count < count {
        let j = below(total)
        if seen.insert(j).inserted { chosen.append(j) }
      }
    }
    return chosen
  }

  /// Puts a list in random order, like `shuffle`.
  package mutating func shuffle(_ list: inout [Int]) {
    for i in list.indices.dropFirst().reversed() { list.swapAt(i, below(i + 1)) }
  }
}
