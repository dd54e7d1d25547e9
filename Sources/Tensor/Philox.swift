/// Philox4x32-10, a counter-based generator: block n of a key is a pure function of both.
///
/// Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
package struct Philox: Sendable {
  package let key: (UInt32, UInt32)

  package init(key: (UInt32, UInt32)) { self.key = key }

  /// Four random words for a counter of four words.
  package func block(_ counter: (UInt32, UInt32, UInt32, UInt32)) -> (
    UInt32, UInt32, UInt32, UInt32
  ) {
    var (a, b, c, d) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let left = a.multipliedFullWidth(by: 0xD251_1F53)
      let right = c.multipliedFullWidth(by: 0xCD9E_8D57)
      (a, b, c, d) = (right.high ^ b ^ k0, right.low, left.high ^ d ^ k1, left.low)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (a, b, c, d)
  }
}
