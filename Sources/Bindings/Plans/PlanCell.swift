internal import Foundation
internal import Language
internal import Store

/// One combination of the labels of a plan's outer axes.
struct PlanCell {
  let number: Int
  /// What the function is given.
  let values: Record
  /// The labels with their axes' names: "fields", "Mine", "seed1".
  let labels: [String]
  /// What stands for cells that take about as long.
  let group: String
  /// The seed among the labels.
  let seed: Int?
  /// Digests of all that decides the numbers, by name; empty where nothing is kept.
  let decides: [(name: String, digest: String)]

  /// The digest of those digests.
  var key: String {
    var digest = Digest()
    for (name, part) in decides {
      digest.add(name)
      digest.add(part)
    }
    return digest.text
  }

  /// How people call it.
  var title: String { labels.joined(separator: " ") }

  /// The attribute under which a cell's file says its key.
  static let keyAttribute = "cell_key"
}
