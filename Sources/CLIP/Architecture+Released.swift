/// The models that OpenAI released.
extension Architecture {
  /// By their published names.
  package static let released: [(name: String, architecture: Architecture)] = [
    ("RN50", resNet(1024, 224, [3, 4, 6, 3], 64, text: 512)),
    ("RN101", resNet(512, 224, [3, 4, 23, 3], 64, text: 512)),
    ("RN50x4", resNet(640, 288, [4, 6, 10, 6], 80, text: 640)),
    ("RN50x16", resNet(768, 384, [6, 8, 18, 8], 96, text: 768)),
    ("RN50x64", resNet(1024, 448, [3, 15, 36, 10], 128, text: 1024)),
    ("ViT-B/32", transformer(512, 224, patch: 32, Tower(width: 768, layers: 12, heads: 12), 512)),
    ("ViT-B/16", transformer(512, 224, patch: 16, Tower(width: 768, layers: 12, heads: 12), 512)),
    ("ViT-L/14", transformer(768, 224, patch: 14, Tower(width: 1024, layers: 24, heads: 16), 768)),
    (
      "ViT-L/14@336",
      transformer(768, 336, patch: 14, Tower(width: 1024, layers: 24, heads: 16), 768)
    ),
  ]

  private static func resNet(
    _ joint: Int, _ size: Int, _ stages: [Int], _ width: Int, text: Int
  ) -> Architecture {
    Architecture(
      imageSize: size, vision: .resNet(.init(width: width, stages: stages, heads: width / 2)),
      text: Tower(width: text, layers: 12, heads: text / 64), jointWidth: joint,
      vocabularySize: 49408)
  }

  private static func transformer(
    _ joint: Int, _ size: Int, patch: Int, _ tower: Tower, _ text: Int
  ) -> Architecture {
    Architecture(
      imageSize: size, vision: .transformer(tower, patchSize: patch),
      text: Tower(width: text, layers: 12, heads: text / 64), jointWidth: joint,
      vocabularySize: 49408)
  }
}
