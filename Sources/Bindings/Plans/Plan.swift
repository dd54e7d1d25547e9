internal import Datasets
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// A plan of cells: a function to be run once for each combination of labels, and what is finished
/// of it.
///
/// The outer axes make the cells. The function is given a cell's labels and returns its metrics, or,
/// where there are inner axes, a list of metrics with one record for each combination of their labels: a
/// method is trained once and tested on many sets. The result has the inner axes first.
///
/// A cell's numbers depend on nothing but the cell. So the stream of starting values begins anew for each, and
/// what the cell leaves behind in the engine is put back; whoever runs it, in whatever order, in
/// this process, in another or last week, the result is the same. It is gathered at the end,
/// in the order of the cells.
///
/// With a store each finished cell is a file of its own, and one that is there is not run again.
final class Plan {
  let engine: Engine
  /// Inner axes first.
  let axes: [ResultValue.Axis]
  private let innerCount: Int
  let cells: [PlanCell]
  private let about: Record
  private let function: Value
  let store: PlanStore?
  /// What is finished, by the number of the cell.
  private(set) var finished: [Int: ResultValue] = [:]
  /// Which plan of the text it is, for those that other processes run, too; nil inside a cell.
  let ordinal: Int?
  var times = CellTimes()

  init(
    _ engine: Engine, ordinal: Int?, inner: [ResultValue.Axis], cells: [PlanCell],
    outer: [ResultValue.Axis],
    about: Record, function: Value, store: PlanStore?
  ) {
    self.engine = engine
    self.ordinal = ordinal
    axes = inner + outer
    innerCount = inner.reduce(1) { $0 * $1.labels.count }
    self.cells = cells
    self.about = about
    self.function = function
    self.store = store
  }

  /// The cells that are not finished.
  var rest: [PlanCell] { cells.filter { finished[$0.number] == nil } }

  /// Runs what is not finished yet.
  func run(_ interpreter: Interpreter) throws -> ResultValue {
    try takeFinished()
    var failed: PlanCell?
    if let ordinal {
      if let crew = engine.crew { failed = try distribute(to: crew, as: ordinal) }
      if let foreman = engine.foreman { serve(foreman, ordinal, interpreter) }
    }
    var waiting = (failed.map { [$0] } ?? []) + rest.filter { $0.number != failed?.number }
    while !waiting.isEmpty {
      // Those that another process is at come last.
      let busy = try waiting.filter { try !attempt($0, interpreter) }
      if busy.count == waiting.count { try engine.pause(0.2) }
      waiting = busy
    }
    tellEnd()
    return try gathered()
  }

  // MARK: - Cells

  private func takeFinished() throws {
    guard let store else { return }
    for cell in cells { try take(cell) }
    if !finished.isEmpty, !store.isTemporary {
      engine.notice("\(finished.count) of \(cells.count) cells are in \(store.folder) already")
    }
  }

  /// Takes a cell's numbers from its file; whether they were there.
  @discardableResult
  func take(_ cell: PlanCell) throws -> Bool {
    guard finished[cell.number] == nil else { return true }
    let file = file(of: cell)
    let found = try store?.take(file, "the cell \(cell.title) is run") {
      try content(of: file, as: cell)
    }
    guard let found else { return false }
    finished[cell.number] = found.result
    if let seconds = found.seconds { times.add(seconds, of: cell.group) }
    return true
  }

  /// What a cell's file says.
  private struct Kept {
    let result: ResultValue
    let seconds: Double?
  }

  /// The cell that a file holds; nil if it holds something else.
  private func content(of file: String, as cell: PlanCell) throws -> Kept? {
    let archive = try Archive(reading: file)
    guard let node = archive.root[Results.group], archive.contentHash != nil else { return nil }
    let result = try ResultValue(Results(node, file: file), engine)
    let expected = emptyResult(cell)
    guard result.about[PlanCell.keyAttribute]?.string == cell.key,
      result.axes.map(\.name) == expected.axes.map(\.name),
      result.axes.map(\.labels) == expected.axes.map(\.labels),
      result.status.allSatisfy({ $0 == 1 })
    else { return nil }
    return Kept(result: result, seconds: archive.provenance.volatile.wallTime)
  }

  /// Runs a cell, unless another process is at it: then it is to be tried again.
  func attempt(_ cell: PlanCell, _ interpreter: Interpreter) throws -> Bool {
    guard let store else {
      try execute(cell, interpreter)
      return true
    }
    try store.prepare(.cells)
    guard let claim = try store.claim(file(of: cell)) else { return try take(cell) }
    defer { claim.release() }
    if try take(cell) { return true }
    try execute(cell, interpreter)
    return true
  }

  private func execute(_ cell: PlanCell, _ interpreter: Interpreter) throws {
    let start = Date()
    let outer = engine.planProgress
    tell(cell)
    defer { engine.planProgress = outer }
    let result = emptyResult(cell)
    let numbers = try engine.inCell(cell, of: self) {
      do throws(Fault) {
        return try interpreter.call(function, [Value(cell.values)])
      } catch {
        throw error.remarking("in the cell \(cell.title)")
      }
    }
    try put(numbers, into: result, cell)
    let seconds = Date().timeIntervalSince(start)
    try keep(result, cell, seconds)
    finished[cell.number] = result
    times.add(seconds, of: cell.group)
  }

  private func put(_ numbers: Value, into result: ResultValue, _ cell: PlanCell) throws {
    guard axes.count > cell.values.count else {
      guard let record = numbers.record else {
        throw Fault(
          .type, "the function of a grid returns a record of metrics, not \(numbers.describedKind)",
          help: "{accuracy: score(method, data.test)} is one")
      }
      return try result.put(0, record)
    }
    let records = numbers.list?.compactMap(\.record) ?? []
    guard let list = numbers.list, records.count == innerCount, list.count == innerCount else {
      throw Fault(
        .type,
        "with inner axes the function of a grid returns a list of \(innerCount) records of metrics, "
          + "not \(numbers.list.map { "\($0.count) values" } ?? numbers.describedKind)",
        help: "one for each label of the inner axis, in its order")
    }
    for (place, record) in records.enumerated() { try result.put(place, record) }
  }

  // MARK: - Files

  func file(of cell: PlanCell) -> String {
    let words = (about["protocol"]?.string).map { [$0] } ?? []
    return store?.file(.cells, words + cell.labels, key: cell.key) ?? ""
  }

  private func keep(_ result: ResultValue, _ cell: PlanCell, _ seconds: Double) throws {
    guard let store else { return }
    try store.prepare(.cells)
    let decides = Record(cell.decides.map { ($0.name, Value($0.digest)) })
    var provenance = engine.provenance(settings: Value(decides), seed: cell.seed)
    provenance.volatile.wallTime = seconds
    var archive = Archive(provenance: provenance)
    archive.root.set([Results.group], to: try result.stored.node)
    try archive.write(to: file(of: cell))
  }

  /// What a cell's own result is about: of what the plan tells, that which holds for each cell.
  private static let common = ["title", "model", "model_kind", "model_digest"]

  /// A result with the cell's labels alone.
  private func emptyResult(_ cell: PlanCell) -> ResultValue {
    var about = about.entries.filter { Self.common.contains($0.key) }.map { ($0.key, $0.value) }
    let sets = cell.values.values.compactMap { $0.object as? DatasetValue }
    if let data = sets.first {
      about.append(("data_kind", Value(data.dataset.kind.rawValue)))
      about.append(("data_digest", Value(Digest.sha256(data.dataset.description))))
    } else if let kind = self.about["data_kind"] {
      about.append(("data_kind", kind))
    }
    if store != nil { about.append((PlanCell.keyAttribute, Value(cell.key))) }
    let outer = axes.suffix(cell.values.count)
    let own = zip(outer, places(cell.number)).map { axis, place in
      ResultValue.Axis(
        name: axis.name, values: [axis.values[place]], labels: [axis.labels[place]])
    }
    return ResultValue(
      axes: axes.dropLast(outer.count) + own, about: Record(about), engine)
  }

  /// The places of a cell's labels on the outer axes.
  private func places(_ number: Int) -> [Int] {
    var rest = number
    return axes.suffix(cells.first?.values.count ?? 0).reversed().map { axis in
      defer { rest /= axis.labels.count }
      return rest % axis.labels.count
    }.reversed()
  }

  /// The whole, cell by cell.
  func gathered() throws -> ResultValue {
    let whole = ResultValue(axes: axes, about: about, engine)
    for cell in cells {
      guard let part = finished[cell.number] else { continue }
      for inner in 0..<innerCount {
        try whole.take(part, inner, as: inner * cells.count + cell.number)
      }
    }
    return whole
  }

  // MARK: - Progress

  /// Says which cell is begun, and when the plan will be finished by so many processes.
  func tell(_ cell: PlanCell, workers: Int = 1) {
    let left = times.estimate(rest.map(\.group)).map { $0 / Double(max(1, workers)) }
    let plan = PlanProgress(number: finished.count + 1, total: cells.count, secondsLeft: left)
    engine.planProgress = plan
    guard cells.count > 1 else { return }
    var whole = plan
    whole.isAlone = true
    engine.report(
      Progress(
        title: "cells", done: finished.count, total: cells.count, facts: [("", cell.title)],
        pictures: 0, state: .running, plan: whole))
  }

  /// Says that all is finished.
  private func tellEnd() {
    engine.planProgress = nil
    guard cells.count > 1 else { return }
    engine.report(
      Progress(
        title: "cells", done: cells.count, total: cells.count, facts: [], pictures: 0,
        state: .finished, plan: PlanProgress(number: cells.count, total: cells.count, isAlone: true)
      ))
  }
}
