/// Matrices put together from rows: embeddings, and prompts placed among other rows.
extension Tensor {
  /// Rows of the first axis, in the order of `positions`.
  package func gathered(rows positions: [Int]) throws(TensorError) -> Tensor {
    guard let extent = shape.first else { throw .axis("rows", 0, rank: 0) }
    let width = shape.dropFirst().reduce(1, *)
    if let wrong = positions.first(where: { $0 < 0 || $0 >= extent }) {
      throw .index(wrong, count: extent, axis: 0)
    }
    return try Tensor.make([positions.count] + shape.dropFirst()) { out in
      read(self) { x in
        for (row, position) in positions.enumerated() {
          out.copy(width, from: x, at: position * width, to: row * width)
        }
      }
    }
  }

  /// The gradient of ``gathered(rows:)``: each row is added to its place among `extent` rows.
  package func scatteredRows(_ positions: [Int], extent: Int) throws(TensorError) -> Tensor {
    let width = shape.dropFirst().reduce(1, *)
    precondition(positions.count == shape.first, "one position for each row")
    var result = try Tensor(repeating: 0, shape: [extent] + shape.dropFirst())
    try result.write { out in
      read(self) { x in
        for (row, position) in positions.enumerated() {
          out.add(width, from: x, at: row * width, to: position * width)
        }
      }
    }
    return result
  }

  /// One row of one of several sources.
  package struct RowPick: Equatable, Sendable {
    package let source: Int
    package let row: Int

    package init(source: Int, row: Int) {
      self.source = source
      self.row = row
    }
  }

  /// Builds a matrix row by row: row r is row `picks[r].row` of `sources[picks[r].source]`.
  package static func assembled(_ sources: [Tensor], _ picks: [RowPick]) throws(TensorError)
    -> Tensor
  {
    guard let width = sources.first?.shape.last else {
      throw .value("assemble", "there is nothing to take rows from")
    }
    for source in sources where source.rank != 2 || source.shape[1] != width {
      throw .shapes("assemble", [width], source.shape)
    }
    let stretches = Stretch.all(of: picks)
    for stretch in stretches {
      let (rows, extent) = (stretch.rows, sources[stretch.source].shape[0])
      guard rows.lowerBound >= 0, rows.upperBound <= extent else {
        let wrong = rows.lowerBound < 0 ? rows.lowerBound : max(extent, rows.lowerBound)
        throw .index(wrong, count: extent, axis: 0)
      }
    }
    return try Tensor.make([picks.count, width]) { out in
      for stretch in stretches {
        read(sources[stretch.source]) {
          out.copy(
            stretch.rows.count * width, from: $0, at: stretch.rows.lowerBound * width,
            to: stretch.place * width)
        }
      }
    }
  }

  /// The gradients of ``assembled(_:_:)``: for each source with an extent, the sum of the rows that
  /// were taken from each of its rows.
  package func disassembled(_ picks: [RowPick], extents: [Int?]) throws(TensorError) -> [Tensor?] {
    let width = shape[1]
    let stretches = Stretch.all(of: picks)
    var gradients: [Tensor?] = []
    for (source, extent) in extents.enumerated() {
      guard let extent else {
        gradients.append(nil)
        continue
      }
      var gradient = try Tensor(repeating: 0, shape: [extent, width])
      try gradient.write { out in
        read(self) { dy in
          for stretch in stretches where stretch.source == source {
            out.add(
              stretch.rows.count * width, from: dy, at: stretch.place * width,
              to: stretch.rows.lowerBound * width)
          }
        }
      }
      gradients.append(gradient)
    }
    return gradients
  }

  /// Consecutive rows of one source that stand together in the result, from row `place`.
  private struct Stretch {
    let source: Int
    var rows: Range<Int>
    let place: Int

    static func all(of picks: [RowPick]) -> [Stretch] {
      var stretches: [Stretch] = []
      var place = 0
      while place < picks.count {
        let first = picks[place]
        var end = place + 1
        while end < picks.count, picks[end].source == first.source,
          picks[end].row == first.row + end - place
        {
          end += 1
        }
        stretches.append(
          Stretch(source: first.source, rows: first.row..<first.row + end - place, place: place))
        place = end
      }
      return stretches
    }
  }
}
