/// 128 bits that tell tensors apart: equal elements give equal fingerprints, and different ones differ
/// but for a chance of about 2⁻¹²⁸ (no protection against somebody who wants them to collide).
package struct Fingerprint: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  /// A fingerprint that was kept.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

extension Tensor {
  /// One fingerprint for each entry of the first axis; none where there are no elements.
  package func fingerprints() -> [Fingerprint] {
    guard let entries = shape.first, count > 0 else { return [] }
    let length = count / entries
    var result = [Fingerprint](repeating: Fingerprint(high: 0, low: 0), count: entries)
    read(self) { x in
      for entry in 0..<entries { result[entry] = x.from(entry * length).fingerprint(length) }
    }
    return result
  }

  /// The fingerprint of the elements and the shape.
  package func fingerprint() -> Fingerprint {
    let elements = read(self) { $0.fingerprint(count) }
    return shape.reduce(elements) { Input.mixed($0, UInt64(bitPattern: Int64($1))) }
  }
}

extension Input {
  /// Two chains of multiply and fold over the bit patterns, two elements at a time.
  fileprivate func fingerprint(_ count: Int) -> Fingerprint {
    var state = Fingerprint(high: UInt64(count), low: 0x9E37_79B9_7F4A_7C15)
    for index in stride(from: 0, to: count - 1, by: 2) {
      let pair = UInt64(self[index].bitPattern) | UInt64(self[index + 1].bitPattern) << 32
      state = Self.mixed(state, pair)
    }
    if count % 2 == 1 { state = Self.mixed(state, UInt64(self[count - 1].bitPattern)) }
    return state
  }

  fileprivate static func mixed(_ state: Fingerprint, _ word: UInt64) -> Fingerprint {
    let a = (state.high ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    let b = (state.low ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return Fingerprint(
      high: (a.high ^ a.low) &+ 0x2D35_8DCC_AA6C_78A5, low: (b.high ^ b.low) &+ state.high)
  }
}
