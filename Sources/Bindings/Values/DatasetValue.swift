package import Datasets
package import Language
internal import Store

/// A data set as scripts hold it, with the way its pictures become a model's input.
package final class DatasetValue: HostObject {
  let engine: Engine
  package let dataset: Dataset
  let preprocessing: Preprocessing
  /// The folder of data sets that it was looked for in, if the script named one.
  let root: String?
  /// SHA-256 of everything that tells what it holds; made once, for a list may have a million items.
  private(set) lazy var digest = Digest.sha256(dataset.description)

  init(
    _ dataset: Dataset, _ preprocessing: Preprocessing, _ engine: Engine, root: String? = nil
  ) {
    self.root = root
    self.dataset = dataset
    self.preprocessing = preprocessing
    self.engine = engine
  }

  package var typeName: String { "Dataset" }

  package var summary: String {
    let parts = dataset.parts.map { part in
      "\(part.rawValue) \((try? dataset.split(part).count) ?? 0)"
    }
    return
      "\(dataset.kind.rawValue) dataset \"\(dataset.name)\": \(dataset.classes.count) classes, "
      + parts.joined(separator: ", ")
  }
}

extension DatasetValue: HostMembers {
  package var memberNames: [String] {
    [
      "train", "val", "test", "classes", "template", "name", "kind", "seed", "digest", "origin",
      "val_is_test", "root",
    ]
  }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "train", "val", "test":
      guard let part = SplitPart(rawValue: name) else { return nil }
      return Value(SplitValue(try dataset.split(part), part, of: self))
    case "classes": return Value(dataset.classes.map { Value($0) })
    case "template": return Value(dataset.template)
    case "name": return Value(dataset.name)
    case "kind": return Value(dataset.kind.rawValue)
    case "seed": return .int(dataset.seed)
    case "digest": return Value(digest)
    case "origin": return Value(dataset.splitting.words)
    case "root": return root.map { Value($0) } ?? .nil
    case "val_is_test": return .bool(dataset.valIsTest)
    default: return nil
    }
  }
}

extension DatasetValue: HostMethods {
  package static var methods: [Native] {
    [
      Native(
        "halves() -> Record",
        "The base classes (the first half, rounded up) and the new ones: a record of the datasets "
          + "`base` and `new`, each with its labels counted from 0.",
        example: "len(dataset(\"shapes\").halves().base.classes)\n15"
      ) {
        let data: DatasetValue = try $0.receiver()
        let halves = try data.dataset.halves()
        return Value(
          Record(
            [halves.base, halves.new].enumerated().map { index, half in
              (
                index == 0 ? "base" : "new",
                Value(DatasetValue(half, data.preprocessing, data.engine))
              )
            }))
      }
    ]
  }
}
