import Datasets
import Foundation
import Tensor
import TestSupport
import Testing

/// The drawn world equals the prototype's.
struct ShapesWorldTests {
  /// Two rows of each picture in the golden file, in its order.
  private static let rows = [9, 22]

  private struct Drawn {
    let name: String
    let pixels: [UInt8]
  }

  private static func drawings() -> [Drawn] {
    var drawings: [Drawn] = []
    for seed in 1...2 {
      for set in ShapesSet.allCases {
        for part in SplitPart.allCases where ShapesWorld.perClass(set, part) != nil {
          for item in [0, 5, 11] {
            let pixels = ShapesWorld.pixels(
              set, part, item: item, seed: seed, gap: set.defaultGap)
            drawings.append(
              Drawn(name: "seed \(seed), \(set) \(part) \(item)", pixels: pixels))
          }
        }
      }
      for item in 0..<24 {
        let pair = PretrainingPairs.pair(item, seed: seed)
        drawings.append(Drawn(name: "seed \(seed), pair \(item)", pixels: pair.pixels))
      }
    }
    return drawings
  }

  @Test func `draws have their known values`() {
    let known: [(item: [Int], key: UInt64, u0: Double, u22: Double, noise: Double)] = [
      ([1, 0, 0, 0], 0xe281_95dd_d9ee_4956, 0.20526486635208, 0.20935243368149, 0.39358651638031),
      ([1, 1, 2, 0], 0x5ce8_bd6e_da01_4eee, 0.42519760131836, 0.82178211212158, 0.70642095804214),
      ([1, 1, 2, 7], 0xd553_5272_28b3_4879, 0.63138514757156, 0.14679694175720, 0.29758965969086),
      (
        [42, 8, 3, 123], 0xd714_d421_c487_cf82, 0.97852832078934, 0.19040012359619,
        0.78367036581039
      ),
    ]
    for row in known {
      let u = HashDraws(
        seed: row.item[0], set: row.item[1], split: row.item[2], item: row.item[3])
      #expect(u.key == row.key)
      for (slot, value) in [(0, row.u0), (22, row.u22), (1 << 21, row.noise)] {
        #expect(abs(Double(u[slot]) - value) < 1e-14)
      }
    }
  }

  @Test func `a batch of pairs holds the pairs`() throws {
    let (images, captions) = try PretrainingPairs.batch(5..<8, seed: 2)
    #expect(images.shape == [3, 3, 32, 32])
    #expect(captions == (5..<8).map { PretrainingPairs.caption($0, seed: 2) })
    let pixels = PretrainingPairs.pair(7, seed: 2).pixels
    #expect(images[flat: 6144 + 1024 + 40] == (Float(pixels[3 * 40 + 1]) / 255 - 0.5) / 0.25)
    #expect(throws: DatasetError.self) { try PretrainingPairs.batch(0..<1_000_000) }
  }

  @Test func `drawings are the prototype's within a step of rounding`() throws {
    let golden = [UInt8](try ReferenceFiles.golden("drawings.bin"))
    let drawings = Self.drawings()
    #expect(golden.count == 2 * 96 * drawings.count)
    for (index, drawing) in drawings.enumerated() {
      let ours = Self.rows.flatMap { drawing.pixels[$0 * 96..<($0 + 1) * 96] }
      let expected = golden[index * 192..<(index + 1) * 192]
      let differences = zip(ours, expected).map { abs(Int($0) - Int($1)) }
      #expect(differences.max() ?? 0 <= 1, "\(drawing.name)")
      #expect(differences.count { $0 > 0 } <= 2, "\(drawing.name)")
    }
  }

  @Test func `captions are the prototype's`() throws {
    let golden = try JSONDecoder().decode(
      [String: [String]].self, from: ReferenceFiles.golden("captions.json"))
    for seed in 1...2 {
      let captions = (0..<64).map { PretrainingPairs.caption($0, seed: seed) }
      #expect(captions == golden["\(seed)"])
    }
    let many = (0..<5000).map { PretrainingPairs.caption($0) + "\n" }.joined()
    #expect(ReferenceFiles.digest(many.utf8) == "1b8ecb8923699ccf")
  }

  @Test func `a drawing with its caption is the same as the caption alone`() {
    for item in 0..<200 {
      #expect(
        PretrainingPairs.pair(item, seed: 9).caption == PretrainingPairs.caption(item, seed: 9))
    }
  }

  @Test func `sets have their classes, templates and gaps`() {
    let counts: [ShapesSet: Int] = [
      .shapes: 30, .compositions: 36, .textures: 18, .stars: 24, .fields: 12, .scenes: 24,
      .emblems: 24, .counts: 20, .shapesV2: 30, .shapesSketch: 30, .shapesAdversarial: 30,
      .shapesRendition: 30,
    ]
    for set in ShapesSet.allCases {
      #expect(set.classes.count == counts[set] && set.classCount == counts[set])
      #expect(Set(set.classes).count == set.classes.count)
      #expect(set.template.contains("{}"))
      #expect((0...1).contains(set.defaultGap))
    }
    #expect(ShapesSet.compositions.classes[7] == "orange cross")
    #expect(ShapesSet.textures.classes == ShapesSet.textures.classes.filter { $0 != "hollow" })
    #expect(ShapesSet.stars.classes[0] == "three pointed star")
    #expect(ShapesSet.stars.classes[23] == "eight tooth gear")
    #expect(ShapesSet.scenes.classes[6] == "star above cross")
    #expect(ShapesSet.emblems.classes[7] == "heart inside square")
    #expect(ShapesSet.counts.classes[4] == "two stars")
    #expect(ShapesSet.fields.classes[0] == "crop rows")
    #expect(ShapesSet.allCases.filter(\.isVariant).count == 4)
  }

  @Test func `seed, part, item and gap all change a drawing`() {
    func pixels(_ part: SplitPart = .test, _ item: Int = 3, _ seed: Int = 1, _ gap: Double = 0.3)
      -> [UInt8]
    { ShapesWorld.pixels(.shapes, part, item: item, seed: seed, gap: gap) }
    let first = pixels()
    #expect(first == pixels())
    #expect(first.count == 3 * 32 * 32)
    for other in [pixels(.val), pixels(.test, 33), pixels(.test, 3, 2), pixels(.test, 3, 1, 0.9)] {
      #expect(other != first)
    }
  }

  @Test func `gaps from 0 to 1 and odd seeds draw every set`() {
    for set in ShapesSet.allCases {
      for (seed, gap) in [(-1, 0.0), (.max, 0.5), (.min, 1.0)] {
        for item in 0..<set.classCount {
          let pixels = ShapesWorld.pixels(set, .test, item: item, seed: seed, gap: gap)
          #expect(Set(pixels).count > 3, "\(set) \(item)")
        }
      }
    }
  }
}
