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
            metric.name, axes: names, .floats(metric.values), units: "%",
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
      let engine = Engine()
      return try Results(
        axes: axes.map { .init($0.name, $0.storedLabels, longName: $0.name) },
        variables: variables,
        status: .init(axes: names, status.map { $0 == 1 ? .done : .absent }),
        attributes: about.entries.compactMap { key, value in
          if let number = value.int { return .init(key, .integer(number)) }
          return value.string.map { .init(key, .string($0)) }
        },
        details: try details.sorted { $0.key < $1.key }.map { cell, record in
          .init("cell \(cell)", try engine.stored(Value(record)))
        })
    }
  }

  private static let longNames = [
    "base": "accuracy of base classes", "new": "accuracy of new classes",
    "hm": "harmonic mean of base and new", "joint": "accuracy among all classes",
    "accuracy": "accuracy",
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
        metrics.append(Metric(name: variable.name, values: values))
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
      status: results.status.cells.map { $0 == .done ? 1 : 0 })
  }

  /// Takes over the cells of an earlier run over the same axes.
  func adopt(_ earlier: ResultValue) throws {
    guard earlier.axes.map(\.name) == axes.map(\.name),
      earlier.axes.map(\.labels) == axes.map(\.labels)
    else {
      throw Fault(
        .value, "the stored result has other axes: \(earlier.summary)",
        help: "give another `store:`, or the same methods and seeds")
    }
    for (key, value) in about.entries
    where earlier.about[key].map(Engine.json) != Engine.json(value) {
      let found = earlier.about[key].map(Engine.json) ?? "nothing"
      throw Fault(
        .value, "the stored result has \(found) as \(key), not \(Engine.json(value))",
        help: "give another `store:`")
    }
    replace(metrics: earlier.metrics, details: earlier.details, status: earlier.status)
  }
}

extension ResultValue.Axis {
  fileprivate var storedLabels: StoredArray {
    let numbers = labels.compactMap { if case .int(let number) = $0 { number } else { nil } }
    return numbers.count == labels.count ? .integers(numbers) : .strings(labels.map(\.text))
  }
}
