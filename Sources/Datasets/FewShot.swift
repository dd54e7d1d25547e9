/// Choosing few pictures of each class, and splitting a list: the official code's draws, in its order.
///
/// All functions take the labels of an ordered list and give back positions in it. The list's order
/// matters: classes are visited in the order in which they first appear.
///
/// In the official code, shuffles for a split and the draws of shots share one stream when both happen
/// in one run, and later runs read the split from a file. Here a split has its own seed, and shots are
/// drawn as in those later runs: from the start of their seed's stream.
package enum FewShot {
  /// Chooses `shots` items of each class, without replacement.
  ///
  /// A class with fewer items keeps them all, in the list's order, and takes no random numbers;
  /// fewer than one shot means everything. Items of a class stand in the order of their draws.
  package static func draw(
    _ shots: Int, labels: [Int], from generator: inout MersenneTwister
  ) -> [Int] {
    guard shots >= 1 else { return Array(labels.indices) }
    return classes(of: labels).flatMap { positions in
      positions.count < shots
        ? positions : generator.sample(shots, of: positions.count).map { positions[$0] }
    }
  }

  /// How many shots of validation go with `shots` of training.
  package static func validationShots(for shots: Int) -> Int { min(shots, 4) }

  /// Takes a fifth (`share`) of each class of a training list for validation.
  ///
  /// Throws ``DatasetError/tooFewToSplit(classes:)`` when a class gives nothing to validation.
  package static func splitForValidation(
    _ labels: [Int], share: Double = 0.2, from generator: inout MersenneTwister
  ) throws(DatasetError) -> (train: [Int], val: [Int]) {
    var (train, val): ([Int], [Int]) = ([], [])
    let classes = classes(of: labels)
    let counts = classes.map { rounded($0.count, share) }
    try refuse(classes.indices.filter { counts[$0] == 0 }.map { labels[classes[$0][0]] })
    for (var positions, count) in zip(classes, counts) {
      generator.shuffle(&positions)
      val += positions[..<count]
      train += positions[count...]
    }
    return (train, val)
  }

  /// Splits each class of a list: a half to train, a fifth to val, the rest to test.
  ///
  /// Throws ``DatasetError/tooFewToSplit(classes:)`` when one of the three would get nothing.
  package static func splitInThree(
    _ labels: [Int], from generator: inout MersenneTwister
  ) throws(DatasetError) -> (train: [Int], val: [Int], test: [Int]) {
    var (train, val, test): ([Int], [Int], [Int]) = ([], [], [])
    let classes = classes(of: labels)
    let counts = classes.map { (train: rounded($0.count, 0.5), val: rounded($0.count, 0.2)) }
    let short = classes.indices.filter { index in
      let (first, second) = counts[index]
      return first == 0 || second == 0 || first + second >= classes[index].count
    }
    try refuse(short.map { labels[classes[$0][0]] })
    for (var positions, count) in zip(classes, counts) {
      generator.shuffle(&positions)
      train += positions[..<count.train]
      val += positions[count.train..<count.train + count.val]
      test += positions[(count.train + count.val)...]
    }
    return (train, val, test)
  }

  /// How many of `count` classes are base classes: ⌈C / 2⌉; the rest are new.
  package static func baseCount(of count: Int) -> Int { (count + 1) / 2 }

  /// The positions of each class, in the order in which the classes first appear.
  private static func classes(of labels: [Int]) -> [[Int]] {
    var places: [Int: Int] = [:]
    var classes: [[Int]] = []
    for (position, label) in labels.enumerated() {
      if let place = places[label] {
        classes[place].append(position)
      } else {
        places[label] = classes.count
        classes.append([position])
      }
    }
    return classes
  }

  /// count · share, halves to even.
  private static func rounded(_ count: Int, _ share: Double) -> Int {
    Int((Double(count) * share).rounded(.toNearestOrEven))
  }

  private static func refuse(_ labels: [Int]) throws(DatasetError) {
    guard labels.isEmpty else { throw .tooFewToSplit(classes: labels) }
  }
}
