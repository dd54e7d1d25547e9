import Datasets
import Pictures
import Tensor
import Testing

/// Data sets and splits: parts, halves, few shots, batches.
struct DatasetTests {
  @Test func `a drawn set has its three parts, labels in turn`() throws {
    let data = try Dataset.named("shapes", seed: 3)
    #expect(data.kind == .synthetic && data.seed == 3 && data.parts == [.train, .val, .test])
    let sizes = try SplitPart.allCases.map { try data.split($0).count }
    #expect(sizes == [960, 240, 1200])
    #expect(try data.split(.val).labels == (0..<240).map { $0 % 30 })
    #expect(try data.prompts()[3] == "a photo of a star.")
  }

  @Test func `a variant is for tests only`() throws {
    let data = try Dataset.named("shapes_sketch")
    #expect(data.parts == [.test])
    #expect(throws: DatasetError.missing(.train, dataset: "shapes_sketch")) {
      try data.split(.train)
    }
  }

  @Test func `names, gaps and roots that do not fit are refused`() {
    #expect(throws: DatasetError.gap(1.5)) { try Dataset.named("shapes", gap: 1.5) }
    #expect(throws: DatasetError.self) { try Dataset.named("shapes", gap: .nan) }
    #expect(
      throws: DatasetError.unknown(name: "shape", drawn: ShapesSet.allCases.map(\.rawValue))
    ) { try Dataset.named("shape") }
    #expect(throws: DatasetError.self) { try Dataset.named("shapes", root: "/no/such/root") }
  }

  @Test func `halves count from 0 again and keep the order`() throws {
    let data = try Dataset.named("counts")
    let (base, new) = try data.halves()
    #expect(base.classes == Array(data.classes[..<10]) && new.classes == Array(data.classes[10...]))
    let test = try data.split(.test)
    #expect(try new.split(.test).labels == test.labels.filter { $0 >= 10 }.map { $0 - 10 })
    #expect(
      try new.split(.test).names
        == zip(test.names, test.labels).filter { $0.1 >= 10 }.map { $0.0 })
    let quarters = try base.halves()
    #expect(quarters.new.classes == Array(data.classes[5..<10]))
  }

  @Test(arguments: [1, 2, 16])
  func `shots are drawn from all classes, whatever was selected`(shots: Int) throws {
    let data = try Dataset.named("compositions")
    let all = try data.split(.train).fewShot(shots, seed: 5)
    #expect(all.count == 36 * shots)
    let half = try data.halves().base.split(.train).fewShot(shots, seed: 5)
    let kept = all.labels.indices.filter { all.labels[$0] < 18 }
    #expect(half.names == kept.map { all.names[$0] })
    #expect(half.labels == kept.map { all.labels[$0] })
    #expect(try data.fewShot(shots, seed: 5).halves().base.split(.train).names == half.names)
  }

  @Test func `validation is drawn after training on one stream, four shots at most`() throws {
    let data = try Dataset.named("stars")
    let (train, val) = (try data.split(.train), try data.split(.val))
    var generator = MersenneTwister(seed: 11)
    let first = FewShot.draw(8, labels: train.labels, from: &generator)
    let second = FewShot.draw(4, labels: val.labels, from: &generator)
    #expect(train.fewShot(8, seed: 11).names == first.map { train.names[$0] })
    #expect(val.fewShot(8, seed: 11).names == second.map { val.names[$0] })
    let few = data.fewShot(8, seed: 11)
    #expect(try few.split(.val).names == second.map { val.names[$0] })
    #expect(try few.split(.test).count == data.split(.test).count)
  }

  @Test func `chosen items keep their order and may be chosen again`() throws {
    let split = try Dataset.named("fields").split(.val)
    let chosen = try split.items([7, 3, 7])
    #expect(chosen.names == ["val/7", "val/3", "val/7"] && chosen.labels == [7, 3, 7])
    #expect(throws: DatasetError.item(96, count: 96)) { try split.items([96]) }
    #expect(throws: DatasetError.item(-1, count: 96)) { try split.items([-1]) }
  }

  @Test func `evaluation visits all in order, an epoch drops the rest`() throws {
    let split = try Dataset.named("fields").split(.val)
    #expect(try split.batches(of: 40).map(\.count) == [40, 40, 16])
    #expect(try split.batches(of: .max).map(\.count) == [96])
    #expect(throws: DatasetError.batchSize(0)) { try split.batches(of: 0) }
    var stream = RandomStream(seed: 1, name: "order")
    let first = try split.epoch(of: 40, order: &stream)
    #expect(first.map(\.count) == [40, 40] && Set(first.joined()).count == 80)
    #expect(try split.epoch(of: 40, order: &stream) != first)
    let short = try split.items([1, 2, 3]).epoch(of: 4, order: &stream)
    #expect(short.map { $0.sorted() } == [[0, 1, 2]])
    #expect(throws: DatasetError.batchSize(-1)) { try split.epoch(of: -1, order: &stream) }
  }

  @Test func `images are normalised drawings, channels first`() throws {
    let split = try Dataset.named("shapes").split(.test)
    let images = try split.images(3..<5, .mini)
    #expect(images.shape == [2, 3, 32, 32])
    let pixels = ShapesWorld.pixels(.shapes, .test, item: 4, seed: 1, gap: 0.3)
    let numbers = images.elements
    for (channel, x, y) in [(0, 0, 0), (1, 31, 2), (2, 17, 30)] {
      let expected = (Float(pixels[3 * (32 * y + x) + channel]) / 255 - 0.5) / 0.25
      #expect(numbers[3072 + channel * 1024 + y * 32 + x] == expected)
    }
    #expect(try split.images(0..<1, .clip(side: 48)).shape == [1, 3, 48, 48])
    #expect(try split.images([], .mini).shape == [0, 3, 32, 32])
  }

  @Test func `views depend on the stream and the item alone`() throws {
    let split = try Dataset.named("shapes").split(.train)
    var stream = RandomStream(seed: 4, name: "augmentation")
    let first = try split.images([5, 6, 7], .mini, .randomResizedCrop, from: &stream)
    let second = try split.images([5, 6, 7], .mini, .randomResizedCrop, from: &stream)
    #expect(first.elements != second.elements)
    var again = RandomStream(seed: 4, name: "augmentation")
    let other = try split.images([5, 9, 7], .mini, .randomResizedCrop, from: &again)
    #expect(other.elements[..<3072] == first.elements[..<3072])
    #expect(other.elements[6144...] == first.elements[6144...])
    #expect(
      try split.images([5], .mini, .none, from: &stream).elements
        == split.images([5], .mini).elements)
  }

  @Test func `what cannot be loaded at once is refused`() throws {
    let split = try Dataset.named("shapes").split(.test)
    #expect(throws: DatasetError.tooMany(items: 1200, limit: 5)) {
      try split.images(0..<1200, .clip(side: 4096))
    }
    #expect(throws: DatasetError.preprocessing(side: 0)) { try split.images([0], .clip(side: 0)) }
    #expect(throws: DatasetError.item(1200, count: 1200)) { try split.images([1200], .mini) }
  }

  @Test func `prompts need a place for the name and turn underscores into spaces`() throws {
    let data = try Dataset.named("stars")
    #expect(try data.prompts("{} and {}.")[0] == "three pointed star and three pointed star.")
    #expect(throws: DatasetError.template("no place")) { try data.prompts("no place") }
  }

  @Test func `a description tells sets, seeds, gaps and selections apart`() throws {
    let data = try Dataset.named("shapes")
    let others = [
      try Dataset.named("shapes", seed: 2), try Dataset.named("shapes", gap: 0.31),
      try Dataset.named("shapes_v2"), try data.halves().base, data.fewShot(1, seed: 1),
    ]
    #expect(Set(others.map(\.description)).count == others.count)
    #expect(others.allSatisfy { $0.description != data.description })
    #expect(try Dataset.named("shapes").description == data.description)
  }
}
