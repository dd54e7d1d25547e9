import CLIP
import Testing

/// What an architecture knows of itself before there are any weights.
struct ArchitectureTests {
  struct Released: Sendable, CustomTestStringConvertible {
    let name: String
    let parameters: Int
    let keys: Int
    var testDescription: String { name }
  }

  /// As OpenAI's own model class counts: parameters without the statistics of normalisations, keys with
  /// those and with a counter for each normalisation.
  @Test(arguments: [
    Released(name: "RN50", parameters: 102_007_137, keys: 489),
    Released(name: "RN101", parameters: 119_688_033, keys: 795),
    Released(name: "RN50x4", parameters: 178_300_601, keys: 669),
    Released(name: "RN50x16", parameters: 290_979_217, keys: 921),
    Released(name: "RN50x64", parameters: 623_258_305, keys: 1353),
    Released(name: "ViT-B/32", parameters: 151_277_313, keys: 302),
    Released(name: "ViT-B/16", parameters: 149_620_737, keys: 302),
    Released(name: "ViT-L/14", parameters: 427_616_513, keys: 446),
    Released(name: "ViT-L/14@336", parameters: 427_944_193, keys: 446),
  ]) func `released models have the published numbers of tensors`(_ model: Released) throws {
    let architecture = try #require(
      Architecture.released.first { $0.name == model.name }?.architecture)
    #expect(architecture.flaw == nil)
    let tensors = architecture.tensors
    let learned = tensors.filter { !Architecture.isStatistic($0.name) }
    #expect(learned.reduce(0) { $0 + $1.shape.reduce(1, *) } == model.parameters)
    let counters = tensors.count { $0.name.hasSuffix("running_mean") }
    #expect(tensors.count + counters == model.keys)
    #expect(Set(tensors.map(\.name)).count == tensors.count)
  }

  @Test(arguments: [
    Architecture.ResNet(width: 7, stages: [1, 1, 1, 1], heads: 2),
    Architecture.ResNet(width: 8, stages: [1, 1, 1], heads: 2),
    Architecture.ResNet(width: 8, stages: [1, 0, 1, 1], heads: 2),
    Architecture.ResNet(width: 8, stages: [1, 1, 1, 1 << 20], heads: 2),
    Architecture.ResNet(width: 8, stages: [1, 1, 1, 1], heads: 3),
    Architecture.ResNet(width: 1 << 20, stages: [1, 1, 1, 1], heads: 2),
    Architecture.ResNet(width: .max, stages: [.max, 1, 1, 1], heads: .min),
  ]) func `absurd ResNets have a flaw`(_ resNet: Architecture.ResNet) {
    var architecture = TinyResNet.architecture
    #expect(architecture.flaw == nil)
    architecture.vision = .resNet(resNet)
    #expect(architecture.flaw != nil)
  }

  @Test(arguments: [0, 16, 63, 1 << 24])
  func `a ResNet refuses sides that its grid does not end at`(
    _ side: Int
  ) {
    var architecture = TinyResNet.architecture
    architecture.imageSize = side
    #expect((architecture.flaw == nil) == (side == 1 << 24))
  }
}
