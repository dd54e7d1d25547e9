/// How bytes become the numbers of a model: (byte / 255 − mean) / deviation, channel by channel.
package struct Normalization: Equatable, Sendable {
  /// Means of red, green and blue, on the scale 0 … 1.
  package let mean: [Float]
  /// Standard deviations of red, green and blue.
  package let deviation: [Float]
  /// The number of each byte: 256 for red, 256 for green, 256 for blue.
  private let table: [Float]

  /// Makes the table of all bytes; contract: three means, three deviations.
  package init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == 3 && deviation.count == 3, "a picture has three channels")
    self.mean = mean
    self.deviation = deviation
    table = (0..<3).flatMap { channel in
      (0..<256).map { (Float($0) / 255 - mean[channel]) / deviation[channel] }
    }
  }

  /// What OpenAI's checkpoints were trained with.
  package static let clip = Normalization(
    mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])

  /// What the embedded model was trained with: (v − ½) / ¼.
  package static let mini = Normalization(
    mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25])

  /// Normalises a picture; [H, W, 3] bytes → [3, H, W].
  package func numbers(of picture: Picture) -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(picture.pixels.count)
    for channel in 0..<3 {
      for index in stride(from: channel, to: picture.pixels.count, by: 3) {
        numbers.append(table[channel << 8 | Int(picture.pixels[index])])
      }
    }
    return numbers
  }
}
