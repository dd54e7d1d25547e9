internal import Datasets
internal import Store

/// The draws of the official code: raw numbers, samples, shuffles, few shots, own splits, class halves.
///
/// A list of pictures is given by how many each class has and by its layout: "contiguous", one class
/// after the other, or "round_robin", one picture of every class again and again.
struct SamplingCases {
  private let list: CaseList

  init(_ list: CaseList) { self.list = list }

  /// Whether a list is one of these.
  static func isList(_ json: JSON) -> Bool { json["sample"] != nil && json["shuffle"] != nil }

  /// More than any data set has.
  private static let most = 10_000_000
  private static let notes: Set = ["about", "item_layout", "split_layout"]

  var cases: [ReferenceCase] {
    (list.json.object ?? []).filter { !Self.notes.contains($0.name) }.flatMap { group in
      let vectors = group.value.array ?? []
      switch group.name {
      case "raw": return [Self.group("raw", vectors, Self.raw)]
      case "sample": return [Self.group("sample", vectors, Self.sample)]
      case "shuffle": return [Self.group("shuffle", vectors, Self.shuffle)]
      case "datasets": return vectors.map(Self.dataset)
      case "split_trainval": return [Self.group(group.name, vectors, Self.splitForValidation)]
      case "split_50_20_30": return [Self.group(group.name, vectors, Self.splitInThree)]
      case "base_new": return [Self.group(group.name, vectors, Self.halves)]
      default: return [.skipped(group.name, "what it is about is not known to this version")]
      }
    }
  }

  private static func group(
    _ name: String, _ vectors: [JSON], _ objection: @escaping (JSON) throws -> String?
  ) -> ReferenceCase {
    VectorGroup(name: name, vectors: vectors, objection: objection).reference
  }

  // MARK: - The generator

  private static func raw(_ vector: JSON) -> String? {
    guard let seed = vector["seed"]?.int, let words = vector["u32"]?.ints,
      let counts = vector["below_n"]?.ints,
      counts.allSatisfy({ (1...Int(UInt32.max)).contains($0) })
    else { return "it has no seed, no u32, or no below_n from 1 on" }
    var generator = MersenneTwister(seed: seed)
    let own = words.map { _ in Int(generator.word()) }
    if let why = VectorGroup.difference("u32", own, vector["u32"]) { return why }
    generator = MersenneTwister(seed: seed)
    return VectorGroup.difference("below", counts.map { generator.below($0) }, vector["below"])
  }

  private static func sample(_ vector: JSON) -> String? {
    guard let seed = vector["seed"]?.int, let total = vector["n"]?.int,
      let count = vector["k"]?.int,
      (0...most).contains(total), (0...total).contains(count)
    else { return "it has no seed, n, or k up to n" }
    var generator = MersenneTwister(seed: seed)
    return VectorGroup.difference(
      "chosen", generator.sample(count, of: total), vector["chosen"])
  }

  private static func shuffle(_ vector: JSON) -> String? {
    guard let seed = vector["seed"]?.int, let count = vector["n"]?.int,
      (0...most).contains(count)
    else { return "it has no seed, or no n" }
    var generator = MersenneTwister(seed: seed)
    var places = Array(0..<count)
    generator.shuffle(&places)
    return VectorGroup.difference("result", places, vector["result"])
  }

  // MARK: - Few shots

  /// One list of pictures with its draws: one case.
  private static func dataset(_ json: JSON) -> ReferenceCase {
    let name = "datasets/" + (json["name"]?.string ?? "without a name")
    let layout = json["layout"]?.string ?? ""
    guard let train = labels(json["train_counts"], layout: layout) else {
      return .failed(name, "it has no train_counts, or a layout that is not known")
    }
    let hasVal = json["val_counts"].map { !$0.isNull } ?? false
    guard let val = hasVal ? labels(json["val_counts"], layout: layout) : [] else {
      return .failed(name, "its val_counts are not pairs of label and count")
    }
    return group(name, json["draws"]?.array ?? []) { draw in
      guard let seed = draw["seed"]?.int, let shots = draw["shots"]?.int else {
        return "it has no seed, or no shots"
      }
      var generator = MersenneTwister(seed: seed)
      let own = FewShot.draw(shots, labels: train, from: &generator)
      if let why = VectorGroup.difference("train", own, draw["train"]) { return why }
      guard hasVal else { return nil }
      let valShots = FewShot.validationShots(for: shots)
      return VectorGroup.difference(
        "val", FewShot.draw(valShots, labels: val, from: &generator), draw["val"])
    }
  }

  /// The label of each picture of a list.
  private static func labels(_ counts: JSON?, layout: String) -> [Int]? {
    let pairs = (counts?.array ?? []).compactMap(\.ints).filter { pair in
      pair.count == 2 && (0...most).contains(pair[1])
    }
    guard let counts = counts?.array, pairs.count == counts.count,
      pairs.reduce(0, { min($0 + $1[1], most + 1) }) <= most
    else { return nil }
    switch layout {
    case "contiguous": return pairs.flatMap { [Int](repeating: $0[0], count: $0[1]) }
    case "round_robin":
      return (0..<(pairs.map { $0[1] }.max() ?? 0)).flatMap { round in
        pairs.filter { $0[1] > round }.map { $0[0] }
      }
    default: return nil
    }
  }

  // MARK: - Own splits and halves

  private static func classes(_ vector: JSON) -> [Int]? {
    let counts = (vector["class_counts"]?.array ?? []).enumerated().map { label, count in
      JSON.array([.integer(label), count])
    }
    return labels(.array(counts), layout: "contiguous")
  }

  private static func splitForValidation(_ vector: JSON) throws -> String? {
    guard let seed = vector["seed"]?.int, let labels = classes(vector),
      let share = vector["p_val"]?.double, (0...1).contains(share)
    else { return "it has no seed, class_counts or p_val" }
    var generator = MersenneTwister(seed: seed)
    let own = try FewShot.splitForValidation(labels, share: share, from: &generator)
    return VectorGroup.difference("train", own.train, vector["train"])
      ?? VectorGroup.difference("val", own.val, vector["val"])
  }

  private static func splitInThree(_ vector: JSON) throws -> String? {
    guard let seed = vector["seed"]?.int, let labels = classes(vector) else {
      return "it has no seed, or no class_counts"
    }
    var generator = MersenneTwister(seed: seed)
    let own = try FewShot.splitInThree(labels, from: &generator)
    return VectorGroup.difference("train", own.train, vector["train"])
      ?? VectorGroup.difference("val", own.val, vector["val"])
      ?? VectorGroup.difference("test", own.test, vector["test"])
  }

  private static func halves(_ vector: JSON) -> String? {
    guard let count = vector["classes"]?.int, (1...most).contains(count) else {
      return "it has no number of classes"
    }
    let base = FewShot.baseCount(of: count)
    let own = ["base_count": base, "new_count": count - base, "first_new_label": base]
    for (name, number) in own.sorted(by: { $0.key < $1.key }) where vector[name]?.int != number {
      return "\(name): \(number)"
    }
    guard let ends = vector["base"]?.ints else { return "it has no base" }
    // All labels, or the first and the last.
    let all = Array(0..<base)
    return ends == all || ends == [0, base - 1] ? nil : "base: labels 0 to \(base - 1)"
  }
}
