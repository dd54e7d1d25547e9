/// An ordered list of labelled pictures: the training, validation or test part of a data set.
///
/// A split is a value, and making one reads no picture. It remembers two things apart: the items it
/// was drawn from, with the labels of all classes, and the classes that were selected afterwards. So
/// `halves().base.train.fewShot(16, seed: 1)` holds the same pictures of its classes as
/// `train.fewShot(16, seed: 1)`, as the published protocols demand.
package struct Split: Sendable {
  /// Names of the classes; labels count from 0 in this order.
  package let classes: [String]
  /// The names of all classes of the source, selected or not.
  package let allClasses: [String]
  /// The label of each item.
  package let labels: [Int]
  let source: any PictureSource
  /// Where each item stands in the source.
  let positions: [Int]
  /// The items of all classes, as positions in the source.
  private let list: [Int]
  /// The selected labels of the source, ascending.
  private let selected: [Int]
  /// What comes before this split's draw on the same stream.
  private let draw: Draw

  /// How a few-shot draw of this split stands in the stream of a seed.
  enum Draw: Sendable {
    /// It is the first draw.
    case first
    /// It follows the draw from a training list with these labels, and takes four shots at most.
    case validation(after: [Int])
  }

  init(_ source: any PictureSource, classes: [String], draw: Draw = .first) {
    self.init(
      source: source, list: Array(source.labels.indices), selected: Array(classes.indices),
      allClasses: classes, draw: draw)
  }

  private init(
    source: any PictureSource, list: [Int], selected: [Int], allClasses: [String], draw: Draw
  ) {
    self.source = source
    self.list = list
    self.selected = selected
    self.allClasses = allClasses
    classes = selected.map { allClasses[$0] }
    self.draw = draw
    let ranks = Dictionary(uniqueKeysWithValues: zip(selected, selected.indices))
    let kept = list.compactMap { position in
      ranks[source.labels[position]].map { (position: position, label: $0) }
    }
    positions = kept.map(\.position)
    labels = kept.map(\.label)
  }

  /// How many items there are.
  package var count: Int { labels.count }

  /// Names that identify the items: paths below the folder, or part and number of a drawing.
  package var names: [String] { positions.map { source.name(at: $0) } }

  /// The split with `shots` pictures of each class, as the official code draws them with this seed.
  ///
  /// Drawn is from all classes, whatever was selected. A validation split takes four shots at most,
  /// after the draw of the training split on the same stream. Fewer than one shot means everything;
  /// a class with fewer pictures keeps all.
  package func fewShot(_ shots: Int, seed: Int) -> Split {
    var generator = MersenneTwister(seed: seed)
    var shots = shots
    if case .validation(let labels) = draw {
      _ = FewShot.draw(shots, labels: labels, from: &generator)
      shots = FewShot.validationShots(for: shots)
    }
    let labels = list.map { source.labels[$0] }
    return with(list: FewShot.draw(shots, labels: labels, from: &generator).map { list[$0] })
  }

  /// How many of the classes have fewer pictures than a draw of so many shots would take.
  package func shortClasses(for shots: Int) -> Int {
    var counts = [Int](repeating: 0, count: classes.count)
    for label in labels { counts[label] += 1 }
    var wanted = shots
    if case .validation = draw { wanted = FewShot.validationShots(for: shots) }
    return counts.count { $0 < wanted }
  }

  /// All items of all classes, whatever was selected: names and labels of the whole data set.
  package var everything: (names: [String], labels: [Int]) {
    (list.map { source.name(at: $0) }, list.map { source.labels[$0] })
  }

  /// The split with only the items of a draw that was made elsewhere, in its order.
  ///
  /// An item is told by its path, which may be that of another machine: the longest of its endings that
  /// the split has counts. Throws ``DatasetError/draw(_:count:first:)`` for pictures that the split does
  /// not have, or has under another label or name.
  package func drawn(_ items: ItemList) throws(DatasetError) -> Split {
    var places: [String: Int] = [:]
    for place in list { places[source.name(at: place)] = place }
    var faults: [(fault: DrawFault, path: String)] = []
    var (found, seen): ([Int], Set<Int>) = ([], [])
    for (path, label) in zip(items.paths, items.labels) {
      guard let place = Self.endings(of: path).lazy.compactMap({ places[$0] }).first else {
        faults.append((.strangers, path))
        continue
      }
      if source.labels[place] != label {
        faults.append((.otherLabels, path))
      } else if let name = items.names[label], !allClasses[label].utf8.elementsEqual(name.utf8) {
        faults.append((.otherNames, path))
      }
      if !seen.insert(place).inserted { faults.append((.repeated, path)) }
      found.append(place)
    }
    guard let first = faults.first else { return with(list: found) }
    let same = faults.filter { $0.fault == first.fault }.map(\.path)
    throw .draw(first.fault, count: same.count, first: Array(same.prefix(5)))
  }

  /// A path and what is left of it behind each slash, the longest first.
  private static func endings(of path: String) -> [String] {
    // A path of thousands of folders is no picture's.
    let slashes = path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: "/") }.suffix(64)
    return [path] + slashes.map { String(path[path.utf8.index(after: $0)...]) }
  }

  /// The items at these places, in this order.
  package func items(_ items: [Int]) throws(DatasetError) -> Split {
    for item in items { try check(item) }
    return with(list: items.map { positions[$0] })
  }

  /// The items of some classes, which are counted from 0 again; the order stays.
  func selecting(_ range: Range<Int>) -> Split {
    Split(
      source: source, list: list, selected: Array(selected[range]), allClasses: allClasses,
      draw: draw)
  }

  func check(_ item: Int) throws(DatasetError) {
    guard labels.indices.contains(item) else { throw .item(item, count: count) }
  }

  private func with(list: [Int]) -> Split {
    Split(source: source, list: list, selected: selected, allClasses: allClasses, draw: draw)
  }
}
