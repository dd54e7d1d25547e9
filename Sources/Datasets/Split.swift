/// An ordered list of labelled pictures: the training, validation or test part of a data set.
///
/// A split is a value, and making one reads no picture. It remembers two things apart: the items it
/// was drawn from, with the labels of all classes, and the classes that were selected afterwards. So
/// `halves().base.train.fewShot(16, seed: 1)` holds the same pictures of its classes as
/// `train.fewShot(16, seed: 1)`, as the published protocols demand.
package struct Split: Sendable {
  /// Names of the classes; labels count from 0 in this order.
  package let classes: [String]
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
      classes: classes, draw: draw)
  }

  private init(
    source: any PictureSource, list: [Int], selected: [Int], classes: [String], draw: Draw
  ) {
    self.source = source
    self.list = list
    self.selected = selected
    self.classes = classes
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

  /// The items at these places, in this order.
  package func items(_ items: [Int]) throws(DatasetError) -> Split {
    for item in items { try check(item) }
    return with(list: items.map { positions[$0] })
  }

  /// The items of some classes, which are counted from 0 again; the order stays.
  func selecting(_ range: Range<Int>) -> Split {
    Split(
      source: source, list: list, selected: Array(selected[range]),
      classes: Array(classes[range]), draw: draw)
  }

  func check(_ item: Int) throws(DatasetError) {
    guard labels.indices.contains(item) else { throw .item(item, count: count) }
  }

  private func with(list: [Int]) -> Split {
    Split(source: source, list: list, selected: selected, classes: classes, draw: draw)
  }
}
