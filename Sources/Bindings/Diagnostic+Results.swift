internal import Store

/// Words for results: their cells, what they are about, and why some do not go together.
extension Engine {
  /// "dataset=shapes, algorithm=Mine, seed=2".
  static func place(_ labels: [ResultsUnion.Label]) -> String {
    labels.map { "\($0.axis)=\($0.text)" }.joined(separator: ", ")
  }

  /// A result in a few lines.
  static func summary(of results: Results) -> [String] {
    let about = results.attributes.compactMap { attribute -> String? in
      let shown = ["title", "data_kind", "model", "model_kind"].contains(attribute.name)
      return shown ? attribute.value.text.map { "\(attribute.name) \($0)" } : nil
    }
    var lines = ["", "results" + (about.isEmpty ? "" : ": " + about.joined(separator: ", "))]
    for axis in results.axes {
      let count = axis.labels.elements.count
      let texts = (0..<min(count, 20)).map(axis.labels.elements.text)
      let more = count > 20 ? ", … \(count) in all" : ""
      lines.append("  \(axis.name): \(texts.joined(separator: ", "))\(more)")
    }
    let names = results.variables.map { $0.units == "%" ? "\($0.name) (%)" : $0.name }
    lines.append("  numbers: " + names.joined(separator: ", "))
    let done = results.status.cells.count { $0 == .done }
    lines.append("  \(done) of \(results.status.cells.count) cells done")
    return lines
  }

  /// Why two results cannot be one.
  static func sentence(_ contradiction: ResultsUnion.Contradiction) -> String {
    func short(_ text: String) -> String {
      text.isEmpty ? "nothing" : TextWidth.excerpt(text, to: 80)
    }
    return switch contradiction {
    case .axes(let first, let other, let source):
      "the axes of '\(source)' are \(other.joined(separator: ", ")), "
        + "not \(first.joined(separator: ", "))"
    case .labels(let axis, let source):
      "the labels of \(axis) in '\(source)' are of another kind, or one stands there twice"
    case .form(let variable, let source):
      "\(variable) has another type, unit or shape in '\(source)'"
    case .about(let name, let first, let second, let sources):
      "\(name) is \(short(first)) in '\(sources[0])' and \(short(second)) in '\(sources[1])'"
    case .cell(let name, let labels, let first, let second, let sources):
      "\(name) at \(place(labels)) is \(short(first)) in '\(sources[0])' and "
        + "\(short(second)) in '\(sources[1])'"
    case .details(let key, let labels, let sources):
      (labels.isEmpty ? "the details '\(short(key))'" : "the details at \(place(labels))")
        + " differ in '\(sources[0])' and '\(sources[1])'"
    }
  }

  /// Lines about cells that nobody has run, the last axis in one line.
  static func missing(_ cells: [[ResultsUnion.Label]]) -> [String] {
    var groups: [(place: String, axis: String, texts: [String])] = []
    for labels in cells {
      guard let last = labels.last else { continue }
      let place = place(Array(labels.dropLast()))
      if groups.last?.place == place {
        groups[groups.count - 1].texts.append(last.text)
      } else {
        groups.append((place, last.axis, [last.text]))
      }
    }
    let lines = groups.prefix(20).map { group in
      "missing: " + (group.place.isEmpty ? "" : group.place + ", ")
        + "\(group.axis)=\(group.texts.joined(separator: " "))"
    }
    return lines + (groups.count > 20 ? ["… and \(groups.count - 20) more such lines"] : [])
  }
}
