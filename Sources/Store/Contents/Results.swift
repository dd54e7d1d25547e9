/// The numbers of a run or a sweep: arrays over named axes, every seed's value, never only means.
///
/// In the file, `/results` holds one array of labels for each axis and one array for each variable,
/// tied together as HDF5 dimension scales, so that xarray and netCDF4 open the group unaided. A
/// cell that was not run holds NaN, and `status` says so: 0 absent, 1 done, 2 failed. Counts
/// (correct, total) are stored as integers beside percentages.
package struct Results: Equatable {
  /// The axes, in the order in which they are written.
  package let axes: [Axis]
  /// The numbers.
  package let variables: [Variable]
  /// What became of each cell.
  package let status: Status
  /// What concerns all numbers: `data_kind`, the model, ….
  package let attributes: [Node.Attribute]
  /// What has no common shape: predictions, the curves of a cell, settings of an algorithm.
  package let details: [StoredValue.Field]

  /// A named axis and the labels along it: texts, integers or floats.
  package struct Axis: Equatable, Sendable {
    /// "dataset", "algorithm", "seed", …
    package let name: String
    /// An array of one axis.
    package let labels: StoredArray
    /// For captions.
    package let longName: String

    /// An axis with its labels.
    package init(_ name: String, _ labels: StoredArray, longName: String) {
      self.name = name
      self.labels = labels
      self.longName = longName
    }
  }

  /// Numbers over some of the axes, in row-major order.
  package struct Variable: Equatable, Sendable {
    /// "accuracy", "correct", …
    package let name: String
    /// The axes of its values, slowest first.
    package let axes: [String]
    /// As many as the axes' lengths multiply to.
    package let values: StoredArray.Elements
    /// "%", "s", "1" for counts and ratios, ….
    package let units: String
    /// For captions.
    package let longName: String

    /// Numbers over named axes.
    package init(
      _ name: String, axes: [String], _ values: StoredArray.Elements, units: String,
      longName: String
    ) {
      self.name = name
      self.axes = axes
      self.values = values
      self.units = units
      self.longName = longName
    }

    /// Equal in every bit.
    package static func == (a: Variable, b: Variable) -> Bool {
      a.name == b.name && a.axes == b.axes && a.units == b.units && a.longName == b.longName
        && StoredArray(shape: [a.values.count], a.values)
          == StoredArray(shape: [b.values.count], b.values)
    }
  }

  /// What became of each cell, over the axes that make a cell.
  package struct Status: Equatable, Sendable {
    /// The axes that make a cell, slowest first.
    package let axes: [String]
    /// One for each combination of labels.
    package let cells: [Cell]

    /// The status of all cells.
    package init(axes: [String], _ cells: [Cell]) {
      self.axes = axes
      self.cells = cells
    }
  }

  /// What became of a cell.
  package enum Cell: Int, CaseIterable, Sendable {
    case absent = 0
    case done = 1
    case failed = 2
  }

  /// The name of the group.
  package static let group = "results"

  /// Checks names and shapes, and that cells which were not run hold NaN.
  package init(
    axes: [Axis], variables: [Variable], status: Status, attributes: [Node.Attribute] = [],
    details: [StoredValue.Field] = []
  ) throws(StoreError.Fault) {
    self.axes = axes
    self.variables = variables
    self.status = status
    self.attributes = attributes
    self.details = details
    try check()
  }

  /// Equal in every bit.
  package static func == (a: Results, b: Results) -> Bool {
    a.axes == b.axes && a.variables == b.variables && a.status == b.status
      && a.attributes == b.attributes && StoredValue.record(a.details) == .record(b.details)
  }
}

// MARK: - What is allowed

extension Results {
  /// Arguments of xarray's `sel` and `isel`, which swallow an axis of that name.
  package static let swallowed = ["method", "drop", "tolerance", "indexers", "missing_dims"]
  /// The name of the array that says what became of each cell.
  package static let statusName = "status"
  /// The name of the group of what has no common shape.
  package static let detailsName = "details"

  private func check() throws(Fault) {
    var names: Set<String> = [Self.statusName, Self.detailsName]
    for axis in axes {
      guard !Self.swallowed.contains(axis.name) else {
        throw .refused("an axis called \(axis.name), which xarray takes for an option")
      }
      guard axis.labels.shape.count == 1 else {
        throw .refused("labels of \(axis.labels.shape.count) axes for the axis \(axis.name)")
      }
    }
    for name in axes.map(\.name) + variables.map(\.name) {
      guard Self.isUsable(name) else { throw .refused("the name \(name.debugDescription)") }
      guard names.insert(name).inserted else { throw .refused("two arrays called \(name)") }
    }
    let cells = try shape(of: status.axes, count: status.cells.count, Self.statusName)
    for variable in variables {
      let shape = try shape(of: variable.axes, count: variable.values.count, variable.name)
      guard case .floats(let values) = variable.values,
        variable.axes.prefix(cells.count).elementsEqual(status.axes)
      else { continue }
      try check(values, each: shape.dropFirst(cells.count).reduce(1, *), variable.name)
    }
  }

  /// Whether netCDF accepts a name as it is.
  package static func isUsable(_ name: String) -> Bool {
    LinkName.isUsable(name) && name.first?.isWhitespace == false && name.last?.isWhitespace == false
      && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }

  func shape(of names: [String], count: Int, _ variable: String) throws(Fault) -> [Int] {
    var shape: [Int] = []
    for name in names {
      guard let axis = axes.first(where: { $0.name == name }) else {
        throw .refused("\(variable) has the axis \(name), which has no labels")
      }
      shape.append(axis.labels.elements.count)
    }
    guard !names.isEmpty, Set(names).count == names.count,
      try Dataspace.bytes(shape, of: 1) == count
    else {
      throw .refused("\(variable) has \(count) values for the shape \(shape)")
    }
    return shape
  }

  private func check(_ values: [Double], each: Int, _ name: String) throws(Fault) {
    for (index, cell) in status.cells.enumerated() where cell == .absent {
      guard values[index * each..<(index + 1) * each].allSatisfy(\.isNaN) else {
        throw .refused("\(name) has a number for cell \(index), which was not run")
      }
    }
  }
}
