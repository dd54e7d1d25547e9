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

  /// A whole axis.
  package static let whole = TensorIndex.slice(start: nil, stop: nil, step: 1)
}

/// Where the elements of an index lie: the shape of the result, and for each run of consecutive
/// elements the place of its first one.
///
/// NumPy's rules. Every part restricts one axis to some positions; the result walks their product.
/// Parts that are lists (and single positions beside them) are walked together and form one axis, at
/// the place of the first of them if they stand next to each other and in front otherwise.
package struct IndexPlan {
  package let shape: [Int]
  /// How many elements lie side by side, and how many such runs there are.
  let run: Int
  let runs: Int
  /// What all places have in common, and the axes of the result that are not part of a run.
  private let origin: Int
  private let outer: [Walk]

  /// Where the result is one run, its place; then nothing needs to be copied.
  var contiguousStart: Int? { outer.isEmpty ? origin : nil }

  /// Whether a place may be picked more than once.
  var mayRepeat: Bool { outer.contains { $0.list != nil } }

  package init(_ parts: [TensorIndex], shape: [Int]) throws(TensorError) {
    let parts = try Self.expanded(parts, rank: shape.count)
    let strides = shape.strides
    var walks: [Walk] = []
    var axis = 0
    for part in parts {
      if part == .newAxis || part == .ellipsis {
        // What is left of the ellipsis only keeps the lists around it apart.
        walks.append(Walk(start: 0, step: 0, count: 1, part == .newAxis ? .kept : .gap))
        continue
      }
      walks.append(try Walk(part, axis: axis, extent: shape[axis], stride: strides[axis]))
      axis += 1
    }
    walks = try Self.merged(walks)
    self.shape = walks.filter { $0.kind == .kept || $0.kind == .listed }.map(\.count)

    var origin = walks.filter { $0.count == 1 }.reduce(0) { $0 + $1[0] }
    var outer = walks.filter { $0.count != 1 }
    var run = 1
    while let last = outer.last, last.list == nil, last.step == run {
      run *= last.count
      origin += last.start
      outer.removeLast()
    }
    self.origin = origin
    self.run = run
    self.outer = outer
    runs = outer.reduce(1) { $0 * $1.count }
  }

  /// Calls `body` with the number of each run and its place, in the result's order.
  func forEachRun(_ body: (_ index: Int, _ place: Int) -> Void) {
    guard run > 0, runs > 0 else { return }
    var positions = [Int](repeating: 0, count: outer.count)
    var place = outer.reduce(origin) { $0 + $1[0] }
    for index in 0..<runs {
      body(index, place)
      for axis in outer.indices.reversed() {
        let walk = outer[axis]
        let old = positions[axis]
        positions[axis] = old + 1 < walk.count ? old + 1 : 0
        place += walk[positions[axis]] - walk[old]
        if positions[axis] > 0 { break }
      }
    }
  }
}

/// The positions that an index takes from one axis, as offsets: evenly spaced, or a list.
private struct Walk {
  var start = 0
  var step = 0
  var count: Int
  var list: [Int]?
  let kind: Kind

  enum Kind { case kept, dropped, listed, gap }

  init(start: Int, step: Int, count: Int, _ kind: Kind) {
    self.start = start
    self.step = step
    self.count = count
    self.kind = kind
  }

  init(listing offsets: [Int]) {
    count = offsets.count
    list = offsets
    kind = .listed
  }

  init(_ part: TensorIndex, axis: Int, extent: Int, stride: Int) throws(TensorError) {
    switch part {
    case .position(let position):
      let place = try Self.place(position, extent, axis)
      self.init(start: place * stride, step: 0, count: 1, .dropped)
    case .slice(let start, let stop, let step):
      guard step != 0 else { throw .value("index", "a slice's step is 0") }
      let (first, count) = sliceBounds(start, stop, step, extent)
      // A step that is never taken may be of any size.
      self.init(start: first * stride, step: count > 1 ? step * stride : 0, count: count, .kept)
    case .list(let positions):
      var offsets: [Int] = []
      offsets.reserveCapacity(positions.count)
      for position in positions {
        offsets.append(try Self.place(position, extent, axis) * stride)
      }
      self.init(listing: offsets)
    case .newAxis, .ellipsis:
      preconditionFailure("expanded before")
    }
  }

  /// The offset at a position of the walk.
  subscript(position: Int) -> Int {
    if let list { return list[position] }
    return start + position * step
  }

  private static func place(_ position: Int, _ extent: Int, _ axis: Int) throws(TensorError) -> Int
  {
    let place = position < 0 ? position + extent : position
    guard place >= 0, place < extent else { throw .index(position, count: extent, axis: axis) }
    return place
  }
}

extension IndexPlan {
  /// Whole axes for those that are not named. An ellipsis without any stays, as a gap.
  private static func expanded(_ parts: [TensorIndex], rank: Int) throws(TensorError)
    -> [TensorIndex]
  {
    let used = parts.count { $0 != .newAxis && $0 != .ellipsis }
    guard used <= rank else { throw .axis("index", used - 1, rank: rank) }
    guard parts.count(where: { $0 == .ellipsis }) <= 1 else {
      throw .value("index", "`...` stands twice")
    }
    let whole = [TensorIndex](repeating: .whole, count: rank - used)
    guard let gap = parts.firstIndex(of: .ellipsis) else { return parts + whole }
    return parts[..<gap] + (whole.isEmpty ? [.ellipsis] : whole) + parts[(gap + 1)...]
  }

  /// Joins the listed axes into one.
  private static func merged(_ walks: [Walk]) throws(TensorError) -> [Walk] {
    guard walks.contains(where: { $0.kind == .listed }) else { return walks }
    let taking = walks.indices.filter { walks[$0].kind == .listed || walks[$0].kind == .dropped }
    let length = taking.map { walks[$0].count }.first { $0 != 1 } ?? 1
    var offsets = [Int](repeating: 0, count: length)
    for index in taking {
      let own = walks[index]
      guard own.count == length || own.count == 1 else {
        throw .shapes("index", [length], [own.count])
      }
      for place in offsets.indices { offsets[place] += own[own.count == 1 ? 0 : place] }
    }
    let together = Walk(listing: offsets)
    let adjacent = taking[taking.count - 1] - taking[0] == taking.count - 1
    var result = walks.filter { $0.kind == .kept || $0.kind == .gap }
    let place = adjacent ? taking[0] : 0
    result.insert(together, at: place)
    return result
  }
}

/// The first position and the number of those that start:stop:step takes, by Python's rules.
private func sliceBounds(_ start: Int?, _ stop: Int?, _ step: Int, _ extent: Int) -> (
  first: Int, count: Int
) {
  func clamped(_ bound: Int) -> Int {
    let place = bound < 0 ? bound + extent : bound
    return step > 0 ? min(max(place, 0), extent) : min(max(place, -1), extent - 1)
  }
  let first = start.map(clamped) ?? (step > 0 ? 0 : extent - 1)
  let end = stop.map(clamped) ?? (step > 0 ? extent : -1)
  let distance = step > 0 ? end - first : first - end
  guard distance > 0 else { return (0, 0) }
  return (first, (distance - 1) / Int(clamping: step.magnitude) + 1)
}

extension [Int] {
  /// Row-major strides of a shape.
  package var strides: [Int] {
    var result = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { result[axis] = result[axis + 1] * self[axis + 1] }
    return result
  }
}
