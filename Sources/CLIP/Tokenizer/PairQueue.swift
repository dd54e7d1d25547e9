/// Neighbours in a word that can be joined, lowest rank first, then from left to right.
///
/// A binary heap: words are short, but nothing keeps a text from being one word of a million bytes.
struct PairQueue {
  private var heap: [Pair] = []

  /// Two neighbours, the left one at `place`.
  struct Pair {
    let rank: Int
    let place: Int
    let left: Int
    let right: Int

    fileprivate func precedes(_ other: Pair) -> Bool {
      rank == other.rank ? place < other.place : rank < other.rank
    }
  }

  mutating func insert(_ pair: Pair) {
    var place = heap.count
    heap.append(pair)
    while place > 0 {
      let parent = (place - 1) / 2
      guard heap[place].precedes(heap[parent]) else { break }
      heap.swapAt(place, parent)
      place = parent
    }
  }

  /// Takes out all pairs of the lowest rank.
  mutating func popRank() -> [Pair] {
    guard let rank = heap.first?.rank else { return [] }
    var pairs: [Pair] = []
    while heap.first?.rank == rank { pairs.append(popFirst()) }
    return pairs
  }

  private mutating func popFirst() -> Pair {
    heap.swapAt(0, heap.count - 1)
    let first = heap.removeLast()
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child].precedes(heap[least]) {
        least = child
      }
      guard least != place else { return first }
      heap.swapAt(place, least)
      place = least
    }
  }
}

extension MergeTable {
  /// Joins all occurrences of the pair of lowest rank, from left to right, until no pair has a rank.
  func joined(_ word: [Int]) -> [Int] {
    var symbols = word
    // The neighbours of each place; what was joined to the symbol before it has none.
    var next = Array(1...max(word.count, 1))
    var before = Array(-1..<max(word.count, 1) - 1)
    var queue = PairQueue()
    func push(_ place: Int) {
      guard place >= 0, next[place] < symbols.count else { return }
      let (left, right) = (symbols[place], symbols[next[place]])
      if let rank = rank(left, right) {
        queue.insert(.init(rank: rank, place: place, left: left, right: right))
      }
    }
    for place in word.indices { push(place) }
    let gone = -1
    while case let pairs = queue.popRank(), !pairs.isEmpty {
      for pair in pairs {
        let second = next[pair.place]
        guard symbols[pair.place] == pair.left, second < symbols.count,
          symbols[second] == pair.right
        else { continue }
        symbols[pair.place] = product(of: pair.rank)
        symbols[second] = gone
        next[pair.place] = next[second]
        if next[second] < symbols.count { before[next[second]] = pair.place }
        push(before[pair.place])
        push(pair.place)
      }
    }
    return symbols.filter { $0 != gone }
  }
}
