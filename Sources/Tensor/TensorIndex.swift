/// One part of an index such as `x[0, 1:4, ..., nil, [2, 0]]`.
package enum TensorIndex: Equatable, Sendable {
  /// One position; the axis disappears.
  case position(Int)
  /// start:stop:step as in NumPy; a missing bound is the axis' end.
  case slice(start: Int?, stop: Int?, step: Int)
  case newAxis
  /// As many whole axes as are left.
  case ellipsis
  /// Several positions; lists in several parts are walked together.
  case list([Int])
}

/// Where the elements of an index lie: the shape of the result, and for each run of consecutive
/// elements the place of its first one.
///
/// NumPy's rules. Every part restricts one axis to some positions; the result walks their product.
/// Parts that are lists (and single positions beside them) are walked together and form one axis, at
/// the place of the first of them if they stand next to each other and in front otherwise.
package struct IndexPlan {
  package let shape: [Int]
  /// Offsets of the runs, in the result's order.
  let starts: [Int]
  let run: Int
  /// Where the result is one run, its place; then nothing needs to be copied.
  var contiguousStart: Int? { starts.count == 1 ? starts[0] : nil }

  package init(_ parts: [TensorIndex], shape: [Int]) throws(TensorError) {
    let parts = try Self.expanded(parts, rank: shape.count)
    let strides = shape.strides
    var walks: [Walk] = []
    var axis = 0
    for part in parts {
      if part == .newAxis {
        walks.append(Walk(offsets: [0], kind: .kept))
        continue
      }
      walks.append(try Walk(part, axis: axis, extent: shape[axis], stride: strides[axis]))
      axis += 1
    }
    let merged = try Self.merged(walks)
    self.shape = merged.filter { $0.kind != .dropped }.map(\.offsets.count)
    (starts, run) = Self.runs(merged.map(\.offsets))
  }

  /// The positions of one axis, as offsets.
  private struct Walk {
    var offsets: [Int]
    var kind: Kind

    enum Kind { case kept, dropped, listed }

    init(offsets: [Int], kind: Kind) {
      self.offsets = offsets
      self.kind = kind
    }

    init(_ part: TensorIndex, axis: Int, extent: Int, stride: Int) throws(TensorError) {
      switch part {
      case .position(let position):
        offsets = [try Self.place(position, extent, axis) * stride]
        kind = .dropped
      case .slice(let start, let stop, let step):
        guard step != 0 else { throw .value("index", "a slice's step is 0") }
        offsets = slicePositions(start, stop, step, extent).map { $0 * stride }
        kind = .kept
      case .list(let positions):
        var offsets: [Int] = []
        for position in positions {
          offsets.append(try Self.place(position, extent, axis) * stride)
        }
        self.offsets = offsets
        kind = .listed
      case .newAxis, .ellipsis:
        preconditionFailure("expanded before")
      }
    }

    private static func place(_ position: Int, _ extent: Int, _ axis: Int) throws(TensorError)
      -> Int
    {
      let place = position < 0 ? position + extent : position
      guard place >= 0, place < extent else { throw .index(position, count: extent, axis: axis) }
      return place
    }
  }

  private static func expanded(_ parts: [TensorIndex], rank: Int) throws(TensorError)
    -> [TensorIndex]
  {
    let used = parts.count { $0 != .newAxis && $0 != .ellipsis }
    guard used <= rank else { throw .axis("index", used - 1, rank: rank) }
    guard parts.count(where: { $0 == .ellipsis }) <= 1 else {
      throw .value("index", "`...` stands twice")
    }
    let whole = [TensorIndex](
      repeating: .slice(start: nil, stop: nil, step: 1), count: rank - used)
    guard let gap = parts.firstIndex(of: .ellipsis) else { return parts + whole }
    return parts[..<gap] + whole + parts[(gap + 1)...]
  }

  /// Joins the listed axes into one.
  private static func merged(_ walks: [Walk]) throws(TensorError) -> [Walk] {
    guard walks.contains(where: { $0.kind == .listed }) else { return walks }
    let taking = walks.indices.filter { walks[$0].kind != .kept }
    let length = taking.map { walks[$0].offsets.count }.max() ?? 1
    var offsets = [Int](repeating: 0, count: length)
    if taking.contains(where: { walks[$0].offsets.isEmpty }) { offsets = [] }
    for index in taking {
      let own = walks[index].offsets
      guard own.count == length || own.count == 1 || offsets.isEmpty else {
        throw .shapes("index", [length], [own.count])
      }
      for place in offsets.indices { offsets[place] += own.count == 1 ? own[0] : own[place] }
    }
    let together = Walk(offsets: offsets, kind: .listed)
    let adjacent = taking[taking.count - 1] - taking[0] == taking.count - 1
    var result = walks.filter { $0.kind == .kept }
    let place = adjacent ? walks[..<taking[0]].count { $0.kind == .kept } : 0
    result.insert(together, at: place)
    return result
  }

  /// The product of the walks, as runs of consecutive elements.
  private static func runs(_ walks: [[Int]]) -> (starts: [Int], run: Int) {
    var run = 1
    var outer = walks[...]
    while let last = outer.last, last.indices.allSatisfy({ last[$0] == last[0] + $0 * run }) {
      run *= last.count
      outer = outer.dropLast()
      let origin = last.first ?? 0
      if origin != 0 { return (places(outer.map { $0 } + [[origin]]), run) }
    }
    return (run == 0 ? [] : places(outer.map { $0 }), run)
  }

  private static func places(_ walks: [[Int]]) -> [Int] {
    walks.reduce([0]) { starts, walk in
      starts.flatMap { start in walk.map { start + $0 } }
    }
  }
}

/// The positions that start:stop:step takes from an axis, by Python's rules.
package func slicePositions(_ start: Int?, _ stop: Int?, _ step: Int, _ extent: Int) -> [Int] {
  func clamped(_ bound: Int) -> Int {
    let place = bound < 0 ? bound &+ extent : bound
    return step > 0 ? min(max(place, 0), extent) : min(max(place, -1), extent - 1)
  }
  let first = start.map(clamped) ?? (step > 0 ? 0 : extent - 1)
  let end = stop.map(clamped) ?? (step > 0 ? extent : -1)
  return Array(stride(from: first, to: end, by: step))
}

extension [Int] {
  /// Row-major strides of a shape.
  package var strides: [Int] {
    var result = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { result[axis] = result[axis + 1] * self[axis + 1] }
    return result
  }
}
