internal import Language
internal import Store

extension ResultValue {
  /// The result as a file keeps it: every metric over all axes, counts beside percentages.
  var stored: Results {
    get throws {
      let names = axes.map(\.name)
      var variables: [Results.Variable] = []
      for metric in metrics {
        variables.append(
          .init(
            metric.name, axes: names, .floats(metric.values),
            units: metric.isPercentage ? "%" : "1",
            longName: Self.longNames[metric.name] ?? metric.name))
        if let correct = metric.correct, let total = metric.total {
          variables.append(
            .init(
              "\(metric.name)_correct", axes: names, .integers(correct), units: "1",
              longName: "pictures told right for \(metric.name)"))
          variables.append(
            .init(
              "\(metric.name)_total", axes: names, .integers(total), units: "1",
              longName: "pictures for \(metric.name)"))
        }
      }
      return try Results(
        axes: axes.map { .init($0.name, $0.storedLabels, longName: $0.name) },
        variables: variables,
        status: .init(axes: names, status.map { $0 == 1 ? .done : .absent }),
        attributes: about.entries.compactMap { key, value in
          Self.attribute(value).map { .init(key, $0) }
        },
        details: try details.sorted { $0.key < $1.key }.map { cell, record in
          .init("cell \(cell)", try engine.stored(Value(record)))
        })
    }
  }

  /// What a file keeps of a value that says what the numbers are about; nothing of `nil`.
  private static func attribute(_ value: Value) -> StoredArray? {
    switch value {
    case .nil: nil
    case .bool(let flag): .boolean(flag)
    case .int(let number): .integer(number)
    case .float(let number): .float(number)
    default: .string(value.string ?? Engine.json(value))
    }
  }

  private static let longNames = [
    "base": "accuracy of base classes", "new": "accuracy of new classes",
    "hm": "harmonic mean of base and new", "joint": "accuracy among all classes",
    "accuracy": "accuracy", "joint_base": "accuracy of base pictures among all classes",
    "joint_new": "accuracy of new pictures among all classes",
    "joint_hm": "harmonic mean of joint_base and joint_new",
    "base_as_new": "base pictures taken for a new class",
    "new_as_base": "new pictures taken for a base class",
  ]

  /// The result that a file holds.
  convenience init(_ results: Results, _ engine: Engine) throws {
    let axes = results.axes.map { axis in
      let values = Engine.values(axis.labels)
      return Axis(
        name: axis.name, values: values,
        labels: values.compactMap(Label.init))
    }
    var metrics: [Metric] = []
    for variable in results.variables {
      if case .floats(let values) = variable.values {
        metrics.append(Metric(variable.name, values, isPercentage: variable.units == "%"))
      }
    }
    for variable in results.variables {
      guard case .integers(let counts) = variable.values else { continue }
      for index in metrics.indices {
        if variable.name == metrics[index].name + "_correct" { metrics[index].correct = counts }
        if variable.name == metrics[index].name + "_total" { metrics[index].total = counts }
      }
    }
    let about = results.attributes.compactMap { attribute in
      Engine.values(attribute.value).first.map { (attribute.name, $0) }
    }
    var details: [Int: Record] = [:]
    for field in results.details {
      guard let cell = Int(field.key.dropFirst("cell ".count)) else { continue }
      details[cell] = try engine.value(field.value).record
    }
    self.init(
      axes: axes, about: Record(about), metrics: metrics, details: details,
      status: results.status.cells.map { $0 == .done ? 1 : 0 }, engine)
  }

  /// Takes over the cells that a file holds and this run has not done. The file must be of the same
  /// axes and about the same.
  func adopt(_ earlier: ResultValue) throws {
    guard earlier.axes.map(\.name) == axes.map(\.name),
      earlier.axes.map(\.labels) == axes.map(\.labels)
    else {
      throw Fault(
        .value, "the stored result has other axes: \(earlier.summary)",
        help: "give another `store:`, or the same methods and seeds")
    }
    for key in about.keys + earlier.about.keys {
      let (here, there) = (about[key] ?? .nil, earlier.about[key] ?? .nil)
      guard Self.attribute(here) != Self.attribute(there) else { continue }
      func text(_ value: Value) -> String { value.isNil ? "nothing" : Engine.json(value) }
      // Digests and settings say nothing to a reader in full.
      let isShort = text(here).count + text(there).count < 100 && !key.hasSuffix("_digest")
      let difference =
        isShort ? "has \(text(there)) as \(key), not \(text(here))" : "differs in \(key)"
      throw Fault(
        .value, "the stored result \(difference)",
        help: "give another `store:`")
    }
    merge(earlier)
  }

  /// Refuses metrics under whose names a file would hold something else.
  func check(_ new: [(name: String, isCounted: Bool)]) throws {
    var owners = [Results.statusName: "the status of cells", Results.detailsName: "their details"]
    for axis in axes { owners[axis.name] = "an axis" }
    func take(_ name: String, _ owner: String) throws {
      if let other = owners[name], other != owner {
        throw Fault(
          .value, "'\(name)' is the name of \(other), so it cannot be that of \(owner)",
          help: "give the metric another name")
      }
      owners[name] = owner
    }
    let known = metrics.map { (name: $0.name, isCounted: $0.correct != nil) }
    for (name, isCounted) in known + new {
      guard Results.isUsable(name) else {
        throw Fault(.value, "a metric cannot be called \(name.debugDescription)")
      }
      try take(name, "a metric")
      guard isCounted else { continue }
      for count in ["correct", "total"] { try take("\(name)_\(count)", "a count of '\(name)'") }
    }
  }

  /// Why an axis cannot have this name; nil if it can.
  static func refusal(ofAxis name: String) -> String? {
    if Results.swallowed.contains(name) { return "which xarray takes for something else" }
    if [Results.statusName, Results.detailsName].contains(name) {
      return "which is the name of something else in a result"
    }
    return Results.isUsable(name) ? nil : "which files cannot hold"
  }
}

extension ResultValue.Axis {
  /// Texts, if any label is one; else numbers.
  fileprivate var storedLabels: StoredArray {
    let integers = labels.compactMap { if case .int(let number) = $0 { number } else { nil } }
    if integers.count == labels.count { return .integers(integers) }
    let numbers = labels.compactMap(\.number)
    if numbers.count == labels.count { return .init(shape: [numbers.count], .floats(numbers)) }
    return .strings(labels.map(\.text))
  }
}
