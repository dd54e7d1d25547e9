internal import Language
internal import Store

/// The tidy form of a result, one row a cell: its labels, `status`, each number with all digits, counts
/// beside percentages, and what all numbers are about, so that rows that are picked keep their origin.
///
/// A variable with axes beyond those of a cell has a column for each of their labels, joined with
/// underscores. The settings, which are long, stay in the HDF5 file.
extension Results {
  var commaSeparated: String {
    let shape = status.axes.map { name in labels(of: name).count }
    var names = status.axes + [Self.statusName]
    var columns: [(Int) -> String] = status.axes.indices.map { axis in
      let labels = labels(of: status.axes[axis])
      return { labels[Self.places($0, shape)[axis]] }
    }
    columns.append { [status] in "\(status.cells[$0])" }
    for variable in variables {
      for (suffix, position) in positions(variable, shape) {
        names.append(([variable.name] + suffix).joined(separator: "_"))
        let texts = Self.fields(variable.values)
        columns.append { texts[position($0)] }
      }
    }
    for attribute in attributes where attribute.name != "settings" && attribute.value.shape.isEmpty
    {
      names.append(names.contains(attribute.name) ? "about_" + attribute.name : attribute.name)
      let text = Self.fields(attribute.value.elements).first ?? ""
      columns.append { _ in text }
    }
    let rows = status.cells.indices.map { cell in columns.map { $0(cell) } }
    return CommaSeparated.text(CommaSeparated.distinct(names), rows)
  }

  private func labels(of axis: String) -> [String] {
    axes.first { $0.name == axis }.map { Self.fields($0.labels.elements) } ?? []
  }

  static func places(_ cell: Int, _ shape: [Int]) -> [Int] {
    var rest = cell
    return shape.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }.reversed()
  }

  /// For each combination of labels beyond those of a cell: these labels, and where the number of a cell
  /// stands.
  private func positions(_ variable: Variable, _ shape: [Int]) -> [([String], (Int) -> Int)] {
    let extents = variable.axes.map { labels(of: $0).count }
    let others = variable.axes.indices.filter { !status.axes.contains(variable.axes[$0]) }
    let otherExtents = others.map { extents[$0] }
    return (0..<otherExtents.reduce(1, *)).map { combination in
      let chosen = Self.places(combination, otherExtents)
      let suffix = zip(others, chosen).map { labels(of: variable.axes[$0])[$1] }
      let position = { [status] (cell: Int) in
        let places = Self.places(cell, shape)
        return variable.axes.indices.reduce(0) { sum, axis in
          let place =
            others.firstIndex(of: axis).map { chosen[$0] }
            ?? status.axes.firstIndex(of: variable.axes[axis]).map { places[$0] } ?? 0
          return sum * extents[axis] + place
        }
      }
      return (suffix, position)
    }
  }

  static func fields(_ elements: StoredArray.Elements) -> [String] {
    switch elements {
    case .integers(let numbers): numbers.map(String.init)
    case .floats(let numbers): numbers.map(CommaSeparated.field)
    case .booleans(let flags): flags.map(String.init)
    case .strings(let texts): texts
    }
  }
}
