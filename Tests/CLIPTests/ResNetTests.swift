import Autograd
import CLIP
import Foundation
import Tensor
import Testing

/// A CLIP with a small ResNet, with random weights and statistics.
enum TinyResNet {
  static let architecture = Architecture(
    imageSize: 64, vision: .resNet(.init(width: 4, stages: [1, 2, 1, 1], heads: 2)),
    text: .init(width: 24, layers: 2, heads: 4), jointWidth: 16, contextLength: 12,
    vocabularySize: 60)

  static func clip() throws -> CLIP {
    let shapes = Dictionary(uniqueKeysWithValues: architecture.tensors.map { ($0.name, $0.shape) })
    var stream = RandomStream(seed: 3, name: "resnet")
    return try CLIP(
      Weights(architecture) { name in
        guard let shape = shapes[name] else { return nil }
        if name.hasSuffix("running_var") {
          return try Tensor.uniform(shape, low: 0.5, high: 2, from: &stream)
        }
        let isNorm = name.contains("bn") || name.contains("downsample.1") || name.contains("ln_")
        let width = isNorm ? 100 : max(shape.dropFirst().reduce(1, *), 4)
        let draw = try Tensor.normal(shape, deviation: 1 / Float(width).squareRoot(), from: &stream)
        return isNorm && name.hasSuffix("weight") ? try draw.combined(.sum, with: Tensor(1)) : draw
      }, tokenizer: nil)
  }
}

/// The ResNet as image tower; what it computes, the reference checkpoints tell (BindingsTests).
struct ResNetTests {
  @Test func `a picture has the same features in any batch`() throws {
    let clip = try TinyResNet.clip()
    let images = try TinyCLIP.random([3, 3, 64, 64], "images").detached
    let together = try clip.image.encode(images, prompts: nil, wantsPatches: false).pooled.value
    #expect(together.shape == [3, 16])
    for image in 0..<3 {
      let own = Variable(try images.value.prefix(image..<image + 1))
      let alone = try clip.image.encode(own, prompts: nil, wantsPatches: false).pooled.value
      #expect(try alone.elements == together.prefix(image..<image + 1).elements)
    }
    let none = Variable(try Tensor(shape: [0, 3, 64, 64], elements: []))
    #expect(try clip.image.encode(none, prompts: nil, wantsPatches: false).pooled.shape == [0, 16])
  }

  @Test func `results do not depend on the number of threads`() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("DUET_THREADS", "2", 1)
      #expect(Parallel.threads == 2)
      var architecture = TinyResNet.architecture
      architecture.imageSize = 128
      architecture.vision = .resNet(.init(width: 32, stages: [1, 1, 1, 1], heads: 16))
      let clip = try CLIP(Weights.random(architecture, seed: 2), tokenizer: nil)
      let images = try TinyCLIP.random([1, 3, 128, 128], "images").detached
      let pass = {
        try clip.image.encode(images, prompts: nil, wantsPatches: false).pooled.value.elements
      }
      let first = try serially(pass)
      #expect(first.contains { $0 != 0 })
      for _ in 0..<3 { #expect(try pass() == first) }
    }
  }

  @Test func `a changed weight changes the features`() throws {
    let clip = try TinyResNet.clip()
    let image = try TinyCLIP.random([1, 3, 64, 64], "images").detached
    let before = try clip.image.encode(image, prompts: nil, wantsPatches: false).pooled.value
    let weight = try #require(
      clip.weights.entries.first { $0.name == "visual.layer2.1.bn2.running_mean" }?.variable)
    try weight.assign(weight.value.combined(.sum, with: Tensor(0.5)))
    let after = try clip.image.encode(image, prompts: nil, wantsPatches: false).pooled.value
    #expect(before.elements != after.elements)
  }

  @Test func `what only a transformer has is refused`() throws {
    let clip = try TinyResNet.clip()
    let image = try TinyCLIP.random([1, 3, 64, 64], "images").detached
    #expect(throws: CLIPError.resNet(.prompts)) {
      try clip.image.encode(
        image, prompts: Prompts(depth: 1) { _, _ in image }, wantsPatches: false)
    }
    #expect(throws: CLIPError.resNet(.patches)) {
      try clip.image.encode(image, prompts: nil, wantsPatches: true)
    }
    let learned = Variable(image.value, requiresGradient: true)
    #expect(throws: CLIPError.resNet(.gradient)) {
      try clip.image.encode(learned, prompts: nil, wantsPatches: false)
    }
    let weight = try #require(clip.weights.entries.first { $0.name == "visual.conv1.weight" })
    weight.variable.setRequiresGradient(true)
    #expect(throws: CLIPError.resNet(.gradient)) {
      try clip.image.encode(image, prompts: nil, wantsPatches: false)
    }
    #expect(throws: CLIPError.resNet(.gradient)) {
      try Weights.start(TinyResNet.architecture, seed: 1)
    }
  }

  @Test func `statistics are never trained`() throws {
    let frozen = try TinyResNet.clip()
    let all = Dictionary(
      uniqueKeysWithValues: frozen.weights.entries.map { ($0.name, $0.variable.value) })
    let weights = try Weights(TinyResNet.architecture, isTrainable: true) { all[$0] }
    for (name, variable) in weights.entries {
      #expect(variable.requiresGradient != Architecture.isStatistic(name))
    }
  }
}
