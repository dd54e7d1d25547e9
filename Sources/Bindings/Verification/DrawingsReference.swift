internal import Datasets
internal import Store

/// Drawings of Shapes world that another program made: `duet-mini/1`.
///
///     seed1/shapes/split2/images       [n, 32, 32, 3] integers from 0 to 255
///     seed1/shapes/split2/labels       [n] integers: item i has label i mod C
///     seed1/pretraining/images         [n, 32, 32, 3]
///     seed1/pretraining/captions       [n] texts
///
/// A case is a split of a set, or the pretraining pairs of a seed; any seed, any number of a split and
/// any number of items will do. Labels and captions must be equal.
struct DrawingsReference: ReferenceKind {
  static let format = "duet-mini/1"

  private let file: StoredFile

  static func cases(of file: StoredFile, _ replayer: Replayer) -> [ReferenceCase] {
    let reference = DrawingsReference(file: file)
    return reference.members(of: "") { name in
      guard let seed = number(name, after: "seed") else {
        let isMeant = name.hasPrefix("seed")
        return [isMeant ? .failed(name, "it is no seed") : .skipped(name, "it is no seed")]
      }
      return reference.members(of: name) { reference.cases(of: "\(name)/\($0)", $0, seed) }
    }
  }

  /// The cases of a set of drawings.
  private func cases(of path: String, _ name: String, _ seed: Int) -> [ReferenceCase] {
    if name == "pretraining" { return [pairs(path, seed)] }
    guard let set = ShapesSet(rawValue: name) else {
      return [.failed(path, "this program knows no such set of drawings")]
    }
    return members(of: path) { name in
      let path = "\(path)/\(name)"
      guard let split = Self.number(name, after: "split") else {
        return [.failed(path, "it is no split")]
      }
      return [items(path, set, split, seed)]
    }
  }

  /// What a group holds, as cases. A group that holds nothing, or is none, is a case that fails.
  private func members(of group: String, _ cases: (String) -> [ReferenceCase]) -> [ReferenceCase] {
    do throws(StoreError) {
      let names = try file.names(in: "/" + group)
      return names.isEmpty ? [.failed(group, "it holds nothing")] : names.flatMap(cases)
    } catch {
      return [.failed(group, FileFailure(error).message)]
    }
  }

  /// The number in a name such as "seed12". Seeds are unsigned and may have all 64 bits.
  private static func number(_ name: String, after word: String) -> Int? {
    let digits = name.dropFirst(word.count)
    guard name.hasPrefix(word), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return UInt64(digits).map { Int(truncatingIfNeeded: $0) }
  }

  // Cases

  private func items(_ path: String, _ set: ShapesSet, _ split: Int, _ seed: Int) -> ReferenceCase {
    ReferenceCase(name: path) {
      outcome { () throws(Contradiction) in
        let images = try images(path)
        let labels = try array(path, "labels", "integers") { array -> [Int]? in
          if case .integers(let labels) = array.elements { labels } else { nil }
        }
        try expect(labels.count, "labels", of: images)
        for (item, label) in labels.enumerated() where label != item % set.classCount {
          throw Contradiction("labels[\(item)]: \(label), not \(item % set.classCount)")
        }
        return images.compared {
          ShapesWorld.pixels(set, split: split, item: $0, seed: seed, gap: set.defaultGap)
        }
      }
    }
  }

  private func pairs(_ path: String, _ seed: Int) -> ReferenceCase {
    ReferenceCase(name: path) {
      outcome { () throws(Contradiction) in
        let images = try images(path)
        let captions = try array(path, "captions", "texts") { $0.texts }
        try expect(captions.count, "captions", of: images)
        for (item, caption) in captions.enumerated() {
          let own = PretrainingPairs.caption(item, seed: seed)
          guard !own.utf8.elementsEqual(caption.utf8) else { continue }
          throw Contradiction("captions[\(item)]: \"\(caption.prefix(80))\", not \"\(own)\"")
        }
        return images.compared { PretrainingPairs.pair($0, seed: seed).pixels }
      }
    }
  }

  // Reading

  /// What is wrong with a case.
  private struct Contradiction: Error {
    let words: String

    init(_ words: String) { self.words = words }
  }

  private func outcome(_ compare: () throws(Contradiction) -> ReferenceCase.Outcome)
    -> ReferenceCase.Outcome
  {
    do throws(Contradiction) {
      return try compare()
    } catch {
      return .failed(error.words)
    }
  }

  private func images(_ path: String) throws(Contradiction) -> PixelComparison {
    let array = try array(path, "images", "integers") { $0 }
    guard case .integers(let values) = array.elements else {
      throw Contradiction("images: \(array.elements.typeName), not integers")
    }
    guard array.shape.count == 4, Array(array.shape.dropFirst()) == PixelComparison.shape else {
      throw Contradiction("images: the shape \(array.shape), not [n, 32, 32, 3]")
    }
    return PixelComparison(values: values, count: array.shape[0])
  }

  private func array<Value>(
    _ path: String, _ name: String, _ kind: String, _ read: (StoredArray) -> Value?
  ) throws(Contradiction) -> Value {
    let array: StoredArray
    do throws(StoreError) {
      array = try file.array(at: "/\(path)/\(name)")
    } catch {
      switch error.fault {
      case .absent: throw Contradiction("\(name): there are none")
      case .kind(_, let found): throw Contradiction("\(name): \(found), not \(kind)")
      default: throw Contradiction(FileFailure(error).message)
      }
    }
    if let value = read(array) { return value }
    throw Contradiction("\(name): \(array.elements.typeName) \(array.shape), not \(kind) [n]")
  }

  private func expect(_ count: Int, _ name: String, of images: PixelComparison)
    throws(Contradiction)
  {
    guard count != images.count else { return }
    throw Contradiction("\(name): \(count), for \(images.count) images")
  }
}
