internal import Foundation
internal import Language
internal import Store

/// Results and tables.
extension Engine {
  func resultNatives() -> [Native] {
    [
      Native(
        "results(axes: Record, about: Record = {}, store: String? = nil) -> Result",
        "An empty grid: each axis is a list of labels. `about` says what its numbers are about "
          + "(`title`, `dataset`, `model`, `data_kind`). The cells that the file `store` holds are "
          + "taken over.",
        example: "len(results({shots: [1, 2], seed: 1...3}).missing())\n6"
      ) { [self] in try results($0) },
      Native(
        "table(columns: Record, title: String? = nil, notes: List = [], marks: Record = {}, "
          + "about: Record = {}) -> Table",
        "A table of named columns of one length. `marks` gives a column texts to stand behind its "
          + "values, which the lines `notes` below the table explain; `about` goes with it.",
        example: "table({name: [\"a\", \"b\"], n: [1, 2]})[\"n\"]\n[1, 2]"
      ) { [self] in try table($0) },
    ]
  }

  /// More than anyone will run.
  private static let mostCells = 1_000_000

  private func results(_ arguments: borrowing Arguments) throws -> Value {
    let axes = try resultAxes(arguments, 0)
    guard !axes.isEmpty else { throw arguments.fault(0, "needs at least one axis") }
    try checkSize(axes, arguments)
    let result = ResultValue(axes: axes, about: try arguments.record(1), self)
    if let store = try arguments.optionalString(2), FileManager.default.fileExists(atPath: store) {
      let node = try Archive.node(at: "/results", of: store)
      try result.adopt(ResultValue(Results(node, file: store), self))
    }
    return Value(result)
  }

  /// The axes that an argument describes.
  func resultAxes(_ arguments: borrowing Arguments, _ position: Int) throws -> [ResultValue.Axis] {
    try arguments.record(position).entries.map { name, values -> ResultValue.Axis in
      if let refusal = ResultValue.refusal(ofAxis: name) {
        throw arguments.fault(
          position, "has an axis '\(name)', \(refusal)",
          help: name == "method" ? "`algorithm` is the usual name" : nil)
      }
      let items = try arguments.interpreter.items(of: values)
      let labels = items.compactMap(ResultValue.Label.init)
      guard labels.count == items.count, !labels.isEmpty else {
        throw arguments.fault(
          position, "has an axis '\(name)' that is no list of numbers, texts or methods",
          code: .type)
      }
      var seen: Set<String> = []
      for label in ResultValue.Label.alike(labels) where !seen.insert(label.text).inserted {
        throw arguments.fault(
          position, "has an axis '\(name)' with the label \(label.text) twice",
          help: "the labels of an axis tell its cells apart")
      }
      return ResultValue.Axis(
        name: name, values: items, labels: ResultValue.Label.alike(labels))
    }
  }

  /// Refuses a grid that is larger than anyone's.
  func checkSize(_ axes: [ResultValue.Axis], _ arguments: borrowing Arguments) throws {
    let cells = axes.reduce(1.0) { $0 * Double($1.labels.count) }
    guard cells <= Double(Self.mostCells) else {
      throw arguments.fault(0, "has \(cells) cells, and a grid may have \(Self.mostCells)")
    }
  }

  private func table(_ arguments: borrowing Arguments) throws -> Value {
    let marks = try arguments.record(3)
    let columns = try arguments.record(0).entries.map { name, values -> TableValue.Column in
      let texts = try marks[name].map(arguments.interpreter.items)?.map { $0.string ?? "" } ?? []
      return TableValue.Column(name, try arguments.interpreter.items(of: values), marks: texts)
    }
    guard Set(columns.map(\.values.count)).count <= 1 else {
      throw arguments.fault(0, "must have columns of one length")
    }
    let known = Set(columns.map(\.name))
    guard marks.keys.allSatisfy(known.contains),
      columns.allSatisfy({ $0.marks.isEmpty || $0.marks.count == $0.values.count })
    else { throw arguments.fault(3, "must have a text for each row of columns that there are") }
    return Value(
      TableValue(
        head: try arguments.optionalString(1).map { $0.split(separator: "\n").map(String.init) }
          ?? [],
        columns, notes: try arguments.strings(2), about: try arguments.record(4)))
  }
}

extension Interpreter {
  /// The elements of a list or range.
  func items(of value: Value) throws -> [Value] {
    switch value {
    case .list(let box): return box.items
    case .range(let range):
      try checkListCount(range.count)
      return (0..<range.count).map { .int(range.start + $0) }
    default:
      throw Fault(.type, "a list is needed, and this is \(value.describedKind)")
    }
  }
}
