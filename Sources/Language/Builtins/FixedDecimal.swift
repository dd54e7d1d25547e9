/// Floats with a fixed number of decimals, rounded exactly: half to even, as C and NumPy print them.
enum FixedDecimal {
  /// The most decimals: no float has more digits behind the point that mean anything.
  static let digitLimit = 400

  /// `3.14` for 3.14159 and two digits.
  static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return ValuePrinter.float(value) }
    var number = scaled(value.magnitude, digits: digits)
    var decimals: [UInt8] = []
    while !number.isZero || decimals.count <= digits {
      decimals.append(UInt8(ascii: "0") + UInt8(number.divide(by: 10)))
    }
    var text = String(decoding: decimals.reversed(), as: UTF8.self)
    if digits > 0 {
      text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
    }
    return value.sign == .minus ? "-" + text : text
  }

  /// The nearest float to the value with so many decimals.
  static func rounded(_ value: Double, digits: Int) -> Double {
    Double(text(value, digits: digits)) ?? value
  }

  /// The whole number nearest to value · 10^digits.
  private static func scaled(_ value: Double, digits: Int) -> LargeNumber {
    guard value != 0 else { return LargeNumber(0) }
    // value = mantissa · 2^exponent, exactly.
    let exponent = Int(value.exponent) - 52
    let mantissa = UInt64(value.significand * 0x1p52)
    let (whole, shift) =
      value.isNormal ? (mantissa, exponent) : (value.significandBitPattern, -1074)
    var number = LargeNumber(whole)
    for _ in 0..<digits { number.multiply(by: 10) }
    number.shift(by: shift)
    return number
  }
}

/// A natural number of any size, in 32-bit limbs from the least significant one.
private struct LargeNumber {
  private var limbs: [UInt32]

  init(_ value: UInt64) {
    limbs = [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
  }

  var isZero: Bool { limbs.allSatisfy { $0 == 0 } }

  mutating func multiply(by factor: UInt32) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = UInt64(limbs[index]) * UInt64(factor) + carry
      limbs[index] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    if carry > 0 { limbs.append(UInt32(carry)) }
  }

  /// Divides in place and gives the remainder.
  mutating func divide(by divisor: UInt32) -> UInt32 {
    var remainder: UInt64 = 0
    for index in limbs.indices.reversed() {
      let part = remainder << 32 | UInt64(limbs[index])
      limbs[index] = UInt32(part / UInt64(divisor))
      remainder = part % UInt64(divisor)
    }
    while limbs.count > 1, limbs.last == 0 { limbs.removeLast() }
    return UInt32(remainder)
  }

  /// Multiplies by a power of two; a negative one rounds half to even.
  mutating func shift(by count: Int) {
    if count >= 0 {
      for _ in 0..<count { multiply(by: 2) }
      return
    }
    let (words, bits) = (-count / 32, -count % 32)
    let half = bit(-count - 1)
    let isMore = (0..<max(0, -count - 1)).contains { bit($0) }
    limbs = words < limbs.count ? Array(limbs[words...]) : [0]
    if bits > 0 {
      for index in limbs.indices {
        let above = index + 1 < limbs.count ? limbs[index + 1] << UInt32(32 - bits) : 0
        limbs[index] = limbs[index] >> UInt32(bits) | above
      }
    }
    if half, isMore || bit(0) { increment() }
  }

  private func bit(_ position: Int) -> Bool {
    let word = position / 32
    return word < limbs.count && limbs[word] >> UInt32(position % 32) & 1 == 1
  }

  private mutating func increment() {
    for index in limbs.indices {
      limbs[index] &+= 1
      if limbs[index] != 0 { return }
    }
    limbs.append(1)
  }
}
