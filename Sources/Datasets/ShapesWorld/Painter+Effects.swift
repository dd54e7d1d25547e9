internal import Glibc

/// What happens to a picture after its objects, in this order; an amount of 0 changes nothing.
extension Painter {
  mutating func applyEffects(_ drawing: Drawing) {
    if drawing.light != 0 { shine(drawing.light, tau * drawing.u[5]) }
    if drawing.hue != 0 { turnHue(tau * drawing.hue) }
    for index in colours.indices {
      let colour = 0.5 + (colours[index] - 0.5) * drawing.contrast
      guard drawing.gray != 0 else {
        colours[index] = colour
        continue
      }
      let gray = 0.3 * colour.x + 0.59 * colour.y + 0.11 * colour.z
      colours[index] = colour * (1 - drawing.gray) + gray * drawing.gray
    }
    if drawing.blur != 0 {
      blur(drawing.blur, step: Self.side, place: { $0 / Self.side })
      blur(drawing.blur, step: 1, place: { $0 % Self.side })
    }
  }

  /// Light from one side.
  private mutating func shine(_ amount: Float, _ angle: Float) {
    let (cosine, sine) = (cosf(angle), sinf(angle))
    for index in colours.indices {
      colours[index] *= 1 + amount * (cosine * xs[index] + sine * ys[index])
    }
  }

  /// Turns the colours about the gray diagonal.
  private mutating func turnHue(_ angle: Float) {
    let a = cosf(angle) + (1 - cosf(angle)) / 3
    let b = (1 - cosf(angle)) / 3
    let c = Float((1.0 / 3).squareRoot()) * sinf(angle)
    for index in colours.indices {
      let old = colours[index]
      colours[index] = [
        a * old.x + (b - c) * old.y + (b + c) * old.z,
        (b + c) * old.x + a * old.y + (b - c) * old.z,
        (b - c) * old.x + (b + c) * old.y + a * old.z,
      ]
    }
  }

  /// Mixes in the mean of three neighbours along one axis; the edges repeat.
  private mutating func blur(_ amount: Float, step: Int, place: (Int) -> Int) {
    let old = colours
    for index in old.indices {
      let before = place(index) > 0 ? old[index - step] : old[index]
      let after = place(index) < Self.side - 1 ? old[index + step] : old[index]
      colours[index] =
        old[index] * (1 - amount) + (before + after + old[index]) / 3 * amount
    }
  }

  /// The bytes of the picture, after noise: the sum of two uniform numbers for each channel.
  func rounded(adding noise: Float, _ u: HashDraws) -> [UInt8] {
    let scale = noise * 2.449
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * colours.count)
    for index in colours.indices {
      for channel in 0..<3 {
        var value = colours[index][channel]
        if noise != 0 {
          let slot = (1 << 21) + 3 * index + channel
          value += (u[slot] + u[slot + (1 << 20)] - 1) * scale
        }
        bytes.append(Self.byte(value * 255))
      }
    }
    return bytes
  }

  /// The nearest whole number, halves to even, within 0 … 255.
  static func byte(_ value: Float) -> UInt8 { UInt8(max(0, min(255, rintf(value)))) }
}
