internal import Tensor

/// One way in which two trees differ.
///
/// Trees are compared object by object and attribute by attribute, by name; the order of names does
/// not count. The content hash and the volatile part of the provenance are left out, so that no
/// difference at no tolerance means equal content hashes, and the other way round.
package struct Difference: Equatable, Sendable {
  /// The object, and after an "@" the attribute: "/results/accuracy", "/clip@embed_dim".
  package let path: String
  /// What is different there.
  package let what: What

  /// A difference.
  package init(path: String, what: What) {
    self.path = path
    self.what = what
  }

  /// What differs.
  package enum What: Equatable, Sendable {
    /// Only one of the two has it; what it is there.
    case onlyInFirst(String)
    case onlyInSecond(String)
    /// The types or shapes.
    case form(String, String)
    /// So many of all numbers are further apart than the tolerances allow; the largest distance.
    case numbers(different: Int, of: Int, largest: Double)
    /// A number of an array with labelled axes, as of a result: the labels, and the two numbers. The
    /// first few that are further apart than the tolerances allow are told one by one.
    case cell([ResultsUnion.Label], first: Double, second: Double)
    /// So many of all texts or Bools; the first that differs.
    case values(different: Int, of: Int, first: String, second: String)
  }

  /// How far apart two numbers may be: `absolute`, or `relative` times the larger one. With both at
  /// zero numbers must have the same bits; otherwise NaN is close to NaN.
  package struct Tolerance: Equatable, Sendable {
    /// The distance that is always accepted.
    package let absolute: Double
    /// The share of the larger number that is accepted.
    package let relative: Double

    /// Bits must be equal, unless said otherwise.
    package init(absolute: Double = 0, relative: Double = 0) {
      self.absolute = absolute
      self.relative = relative
    }

    func accepts(_ a: Double, _ b: Double) -> Bool {
      if a.bitPattern == b.bitPattern { return true }
      if absolute == 0, relative == 0 { return false }
      if a.isNaN, b.isNaN { return true }
      return a == b || abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
    }
  }

  /// What differs between two files, the volatile part of their provenance left out. Nothing does,
  /// at no tolerance, exactly when their content hashes are equal.
  package static func between(
    _ first: String, _ second: String, _ tolerance: Tolerance = Tolerance(),
    _ options: Archive.ReadOptions = Archive.ReadOptions()
  ) throws(StoreError) -> [Difference] {
    let (a, b) = (try Archive.wholeTree(first, options).0, try Archive.wholeTree(second, options).0)
    return between(a, b, tolerance)
  }

  /// What differs between two trees, by path.
  package static func between(_ a: Node, _ b: Node, _ tolerance: Tolerance = Tolerance())
    -> [Difference]
  {
    var comparison = Comparison(tolerance: tolerance)
    comparison.compare(a, b, "/")
    return comparison.found
  }
}

private struct Comparison {
  let tolerance: Difference.Tolerance
  var found: [Difference] = []
  /// The labels of the axes in the group that is compared, where both sides have the same.
  private var labels: [String: [String]] = [:]
  /// The names of the axes of the array that is compared.
  private var axes: [String] = []
  /// Cells of one array that are told one by one.
  private static let mostCells = 5

  init(tolerance: Difference.Tolerance) { self.tolerance = tolerance }

  mutating func compare(_ a: Node, _ b: Node, _ path: String) {
    guard path != ContentHash.leftOut else { return }
    compare(a.attributes, b.attributes, path)
    switch (a.content, b.content) {
    case (.group, .group):
      let pairs = Self.paired(a.children, b.children, \.name)
      labels = Self.labels(a, b)
      for (name, a, b) in pairs {
        let path = LinkName.path(path, name)
        guard path != ContentHash.leftOut else { continue }
        switch (a, b) {
        case (let a?, let b?): compare(a.node, b.node, path)
        case (let a?, nil): add(path, .onlyInFirst(a.node.summary))
        case (nil, let b): add(path, .onlyInSecond(b?.node.summary ?? ""))
        }
      }
    case (.tensor(let x), .tensor(let y)) where x.shape == y.shape:
      compareNumbers(x.elements.map(Double.init), y.elements.map(Double.init), path)
    case (.array(let x), .array(let y)):
      axes = a.axes == b.axes ? a.axes ?? [] : []
      compare(x, y, path)
      axes = []
    default: add(path, .form(a.summary, b.summary))
    }
  }

  /// The labels along the axes that two groups have in common.
  private static func labels(_ a: Node, _ b: Node) -> [String: [String]] {
    var labels: [String: [String]] = [:]
    for child in a.children where child.node.axes == [child.name] {
      if case .array(let own) = child.node.content,
        case .array(let other)? = b[child.name]?.content,
        own == other
      {
        labels[child.name] = LabelText.all(own.elements)
      }
    }
    return labels
  }

  /// What tells a number of an array from the others; nil where axes have no labels, or are labels.
  private func cell(_ index: Int, of count: Int) -> [ResultsUnion.Label]? {
    let extents = axes.compactMap { labels[$0]?.count }
    guard !axes.isEmpty, extents.count == axes.count, count > 1,
      (try? Dataspace.bytes(extents, of: 1)) == count
    else { return nil }
    var rest = index
    return zip(axes, extents).reversed().compactMap { name, extent in
      defer { rest /= extent }
      return labels[name].map { .init(axis: name, text: $0[rest % extent]) }
    }.reversed()
  }

  private mutating func compare(_ a: [Node.Attribute], _ b: [Node.Attribute], _ path: String) {
    let isHash = { (name: String) in path == "/" && name == ContentHash.attribute }
    for (name, a, b) in Self.paired(a, b, \.name) where !isHash(name) {
      let path = path + "@" + name
      switch (a, b) {
      case (let a?, let b?): compare(a.value, b.value, path)
      case (let a?, nil): add(path, .onlyInFirst(a.value.elements.typeName))
      case (nil, let b): add(path, .onlyInSecond(b?.value.elements.typeName ?? ""))
      }
    }
  }

  private mutating func compare(_ a: StoredArray, _ b: StoredArray, _ path: String) {
    guard a.shape == b.shape else {
      return add(path, .form(Node(.array(a)).summary, Node(.array(b)).summary))
    }
    switch (a.elements, b.elements) {
    case (.floats(let x), .floats(let y)): compareNumbers(x, y, path)
    case (.integers(let x), .integers(let y)):
      // Beyond 2⁵³ integers that differ can be the same Float64.
      let isExact = tolerance == Difference.Tolerance()
      let different = x.indices.filter {
        x[$0] != y[$0] && (isExact || !tolerance.accepts(Double(x[$0]), Double(y[$0])))
      }
      report(different.map { ($0, Double(x[$0]), Double(y[$0])) }, of: x.count, path)
    case (.booleans(let x), .booleans(let y)):
      compareValues(x.map { "\($0)" }, y.map { "\($0)" }, path)
    case (.strings(let x), .strings(let y)): compareValues(x, y, path)
    default: add(path, .form(Node(.array(a)).summary, Node(.array(b)).summary))
    }
  }

  private mutating func compareNumbers(_ x: [Double], _ y: [Double], _ path: String) {
    let different = x.indices.filter { !tolerance.accepts(x[$0], y[$0]) }
    report(different.map { ($0, x[$0], y[$0]) }, of: x.count, path)
  }

  private mutating func report(
    _ different: [(index: Int, first: Double, second: Double)], of count: Int, _ path: String
  ) {
    guard !different.isEmpty else { return }
    var told = 0
    for number in different.prefix(Self.mostCells) {
      guard let cell = cell(number.index, of: count) else { break }
      add(path, .cell(cell, first: number.first, second: number.second))
      told += 1
    }
    guard told < different.count else { return }
    let distances = different.map { abs($0.first - $0.second) }
    let largest = distances.contains(where: \.isNaN) ? Double.nan : distances.max() ?? 0
    add(path, .numbers(different: different.count, of: count, largest: largest))
  }

  private mutating func compareValues(_ x: [String], _ y: [String], _ path: String) {
    let different = zip(x, y).filter { !$0.hasSameBytes(as: $1) }
    guard let (first, second) = different.first else { return }
    add(path, .values(different: different.count, of: x.count, first: first, second: second))
  }

  private mutating func add(_ path: String, _ what: Difference.What) {
    found.append(Difference(path: path, what: what))
  }

  /// What has the same name in both, in the order of the first and then the second.
  private static func paired<Item>(_ a: [Item], _ b: [Item], _ name: KeyPath<Item, String>) -> [(
    String, Item?, Item?
  )] {
    var rest: [[UInt8]: Item] = [:]
    for item in b { rest[Array(item[keyPath: name].utf8)] = item }
    var pairs: [(String, Item?, Item?)] = []
    for item in a {
      let own = item[keyPath: name]
      pairs.append((own, item, rest.removeValue(forKey: Array(own.utf8))))
    }
    for item in b where rest[Array(item[keyPath: name].utf8)] != nil {
      pairs.append((item[keyPath: name], nil, item))
    }
    return pairs
  }
}
