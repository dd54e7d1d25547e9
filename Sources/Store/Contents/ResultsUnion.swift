/// Several results as one, over the union of their axes' labels.
///
/// Numbers are copied, never averaged. What two sources say differently is a contradiction and makes the
/// union worthless; all contradictions are gathered, so that one look tells what is wrong. Attributes that
/// have a part for each label of an axis (the names and digests of data sets, the settings of
/// algorithms) are joined part by part; all others must agree.
package struct ResultsUnion {
  /// A result and the name by which contradictions call it.
  package struct Source {
    package let name: String
    package let results: Results

    /// A result with its name.
    package init(_ name: String, _ results: Results) {
      self.name = name
      self.results = results
    }
  }

  /// Two sources that do not go together.
  package enum Contradiction: Equatable, Sendable {
    /// The names of the axes: of the first source and of another one.
    case axes([String], [String], source: String)
    /// The labels of an axis are texts in one source and numbers in another, or one stands there twice.
    case labels(axis: String, source: String)
    /// A variable is of another type, unit or shape than in an earlier source.
    case form(variable: String, source: String)
    /// An attribute: what an earlier source says, and another one.
    case about(String, first: String, second: String, sources: [String])
    /// A cell: its labels, and the values of two sources.
    case cell(String, labels: [Label], first: String, second: String, sources: [String])
    /// What has no common shape, such as the curves of a cell.
    case details(String, labels: [Label], sources: [String])
  }

  /// A place on an axis.
  package struct Label: Equatable, Sendable {
    package let axis: String
    package let text: String

    /// The place that a label names.
    package init(axis: String, text: String) {
      self.axis = axis
      self.text = text
    }
  }

  /// More cells than anybody runs.
  private static let mostCells = 1_000_000
  private static let mostContradictions = 1000

  private let sources: [Source]
  private var axes: [Results.Axis] = []
  /// Where each source's labels stand, by axis.
  private var places: [[String: [Int]]] = []
  /// What was found so far.
  package private(set) var contradictions: [Contradiction] = []

  /// Joins sources; ``contradictions`` says whether they go together, ``results()`` what comes of them.
  package init(_ sources: [Source]) {
    self.sources = sources
    joinAxes()
  }

  // MARK: - Axes

  private mutating func joinAxes() {
    guard let first = sources.first?.results else { return }
    for source in sources.dropFirst() {
      let (here, there) = (first.axes.map(\.name), source.results.axes.map(\.name))
      if here != there { contradictions.append(.axes(here, there, source: source.name)) }
      if first.status.axes != source.results.status.axes, here == there {
        contradictions.append(
          .axes(first.status.axes, source.results.status.axes, source: source.name))
      }
    }
    places = [[String: [Int]]](repeating: [:], count: sources.count)
    guard contradictions.isEmpty else { return }
    for axis in first.axes { join(axis) }
  }

  private mutating func join(_ axis: Results.Axis) {
    let labels = sources.map { source in
      source.results.axes.first { $0.name == axis.name }?.labels.elements ?? .integers([])
    }
    let isText = labels.map { if case .strings = $0 { true } else { false } }
    let texts = labels.map(LabelText.all)
    for (source, own) in zip(sources, labels) where !LabelText.areLabels(own) {
      contradictions.append(.labels(axis: axis.name, source: source.name))
    }
    for (source, own) in zip(sources, texts) where Set(own).count != own.count {
      contradictions.append(.labels(axis: axis.name, source: source.name))
    }
    for (source, own) in zip(sources, isText) where own != isText[0] {
      contradictions.append(.labels(axis: axis.name, source: source.name))
    }
    guard contradictions.isEmpty else { return }
    var seen: Set<String> = []
    var all = texts.joined().filter { seen.insert($0).inserted }
    let isFirst = all == texts[0]
    let whole = all.compactMap { Int($0) }
    let joined: StoredArray
    if isText[0] {
      joined = .strings(all)
    } else if whole.count == all.count {
      let numbers = isFirst ? whole : whole.sorted()
      all = numbers.map { "\($0)" }
      joined = .integers(numbers)
    } else {
      let numbers = all.compactMap(Double.init)
      // A whole number beyond 2⁵³ has no place among others that are floats.
      guard numbers.map(LabelText.of) == all else {
        contradictions.append(.labels(axis: axis.name, source: sources[0].name))
        return
      }
      let ordered = isFirst ? numbers : numbers.sorted()
      all = ordered.map(LabelText.of)
      joined = StoredArray(shape: [ordered.count], .floats(ordered))
    }
    let order = Dictionary(uniqueKeysWithValues: zip(all, all.indices))
    for (number, own) in texts.enumerated() {
      places[number][axis.name] = own.compactMap { order[$0] }
    }
    axes.append(Results.Axis(axis.name, joined, longName: axis.longName))
  }

  // MARK: - Numbers

  /// The union; nil where there are contradictions. The cells that no source has run are ``missing(_:)``.
  package mutating func results() throws(StoreError.Fault) -> Results? {
    guard contradictions.isEmpty, let first = sources.first?.results else { return nil }
    let names = first.status.axes
    let cells = try count(names)
    var status = [Results.Cell](repeating: .absent, count: cells)
    for (number, source) in sources.enumerated() {
      for (own, cell) in source.results.status.cells.enumerated() where cell != .absent {
        let place = target(own, names, number)
        if status[place] != .done { status[place] = cell }
      }
    }
    var variables: [Results.Variable] = []
    for source in sources {
      for variable in source.results.variables
      where !variables.contains(where: { $0.name == variable.name }) {
        if let joined = try join(variable) { variables.append(joined) }
      }
    }
    let attributes = joinAttributes()
    let details = joinDetails(names)
    guard contradictions.isEmpty else { return nil }
    return try Results(
      axes: axes, variables: variables, status: .init(axes: names, status),
      attributes: attributes, details: details)
  }

  private func count(_ names: [String]) throws(Fault) -> Int {
    var count = 1
    for extent in extents(names) {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Self.mostCells else {
        throw .tooMany("cells", limit: Self.mostCells)
      }
      count = product
    }
    return count
  }

  private func extents(_ names: [String]) -> [Int] {
    names.map { name in axes.first { $0.name == name }?.labels.elements.count ?? 1 }
  }

  /// Where in the union the element `index` of a source's array over some axes stands.
  private func target(_ index: Int, _ names: [String], _ source: Int) -> Int {
    var (rest, sum, scale) = (index, 0, 1)
    for (name, extent) in zip(names, extents(names)).reversed() {
      let own = places[source][name] ?? []
      sum += scale * own[rest % own.count]
      rest /= own.count
      scale *= extent
    }
    return sum
  }

  private func labels(_ index: Int, _ names: [String]) -> [Label] {
    var rest = index
    return zip(names, extents(names)).reversed().map { name, extent in
      defer { rest /= extent }
      let texts = axes.first { $0.name == name }.map { LabelText.all($0.labels.elements) } ?? []
      return Label(axis: name, text: texts[rest % extent])
    }.reversed()
  }

  private mutating func join(_ form: Results.Variable) throws(Fault) -> Results.Variable? {
    let count = try count(form.axes)
    var owners = [Int?](repeating: nil, count: count)
    var joined = form.values.blank(count)
    for (number, source) in sources.enumerated() {
      guard let own = source.results.variables.first(where: { $0.name == form.name }) else {
        continue
      }
      guard own.axes == form.axes, own.units == form.units,
        own.values.typeName == form.values.typeName
      else {
        contradictions.append(.form(variable: form.name, source: source.name))
        continue
      }
      for index in 0..<own.values.count where isKnown(index, own, source.results) {
        let place = target(index, own.axes, number)
        if let owner = owners[place] {
          guard !joined.isSame(place, as: own.values, index) else { continue }
          guard contradictions.count < Self.mostContradictions else { return nil }
          contradictions.append(
            .cell(
              form.name, labels: labels(place, own.axes), first: joined.text(place),
              second: own.values.text(index), sources: [sources[owner].name, source.name]))
        } else {
          joined.copy(place, from: own.values, index)
          owners[place] = number
        }
      }
    }
    return Results.Variable(
      form.name, axes: form.axes, joined, units: form.units, longName: form.longName)
  }

  /// Whether a source says something there: its cell was run, and the number is none that stands for
  /// nothing.
  private func isKnown(_ index: Int, _ variable: Results.Variable, _ results: Results) -> Bool {
    if case .floats(let values) = variable.values, values[index].isNaN { return false }
    guard results.status.axes.allSatisfy(variable.axes.contains) else { return true }
    let extent = { (name: String) in
      results.axes.first { $0.name == name }?.labels.elements.count ?? 1
    }
    var (rest, places) = (index, [String: Int]())
    for name in variable.axes.reversed() {
      places[name] = rest % extent(name)
      rest /= extent(name)
    }
    let cell = results.status.axes.reduce(0) { $0 * extent($1) + (places[$1] ?? 0) }
    return results.status.cells[cell] == .done
  }

  // MARK: - Details

  private mutating func joinDetails(_ names: [String]) -> [StoredValue.Field] {
    let prefix = "cell "
    var kept: [(key: String, place: Int?, value: StoredValue, source: String)] = []
    var known: [[UInt8]: Int] = [:]
    for (number, source) in sources.enumerated() {
      for field in source.results.details {
        var (key, place) = (field.key, Int?.none)
        if field.key.hasPrefix(prefix), let own = Int(field.key.dropFirst(prefix.count)),
          source.results.status.cells.indices.contains(own)
        {
          let target = target(own, names, number)
          (key, place) = ("\(prefix)\(target)", target)
        }
        guard let number = known[Array(key.utf8)] else {
          known[Array(key.utf8)] = kept.count
          kept.append((key, place, field.value, source.name))
          continue
        }
        let earlier = kept[number]
        if earlier.value != field.value, contradictions.count < Self.mostContradictions {
          contradictions.append(
            .details(
              place == nil ? key : "", labels: place.map { labels($0, names) } ?? [],
              sources: [earlier.source, source.name]))
        }
      }
    }
    let (cells, others) = (kept.filter { $0.place != nil }, kept.filter { $0.place == nil })
    return (cells.sorted { ($0.place ?? 0) < ($1.place ?? 0) } + others).map {
      .init($0.key, $0.value)
    }
  }

  // MARK: - Attributes

  private mutating func joinAttributes() -> [Node.Attribute] {
    var joined: [Node.Attribute] = []
    for source in sources {
      for attribute in source.results.attributes
      where !joined.contains(where: { $0.name.hasSameBytes(as: attribute.name) }) {
        joined.append(Node.Attribute(attribute.name, join(attribute)))
      }
    }
    return joined
  }

  private mutating func join(_ form: Node.Attribute) -> StoredArray {
    let all = sources.map { source in
      (name: source.name, value: source.results.attributes.first { $0.name == form.name }?.value)
    }
    guard let other = all.first(where: { $0.value != form.value }) else { return form.value }
    if let parts = PartedAttribute(rawValue: form.name), let value = join(parts, all.map(\.value)) {
      return value
    }
    let owner = all.first { $0.value == form.value }?.name ?? ""
    contradictions.append(
      .about(
        form.name, first: Self.text(form.value), second: Self.text(other.value),
        sources: [owner, other.name]))
    return form.value
  }

  private static func text(_ value: StoredArray?) -> String {
    guard let value else { return "" }
    return (0..<value.elements.count).map(value.elements.text).joined(separator: ", ")
  }

  /// The parts of all sources in the order of the joined axis; nil where they cannot be told apart, or
  /// contradict each other.
  private func join(_ attribute: PartedAttribute, _ values: [StoredArray?]) -> StoredArray? {
    let axis = attribute.axis
    guard let count = axes.first(where: { $0.name == axis })?.labels.elements.count else {
      return nil
    }
    let inner = attribute.inner.flatMap { name in axes.first { $0.name == name } }
    let innerCount = inner?.labels.elements.count ?? 1
    var parts = [String?](repeating: nil, count: count * innerCount)
    for (number, value) in values.enumerated() {
      guard let text = value?.text, let own = attribute.parts(of: text) else { return nil }
      guard let targets = places[number][axis], own.count == targets.count else { return nil }
      for (target, part) in zip(targets, own) {
        var (pieces, slots) = ([part], [0])
        if let inner {
          guard let own = attribute.parts(of: part), let places = places[number][inner.name],
            own.count == places.count
          else { return nil }
          (pieces, slots) = (own, places)
        }
        for (slot, piece) in zip(slots, pieces) {
          let place = target * innerCount + slot
          if let there = parts[place], !there.hasSameBytes(as: piece) { return nil }
          parts[place] = piece
        }
      }
    }
    let known = parts.map { $0 ?? attribute.nothing }
    guard !known.contains(nil) else { return nil }
    let all = known.compactMap(\.self)
    guard inner != nil else { return .string(attribute.text(of: all)) }
    return .string(
      attribute.text(
        of: (0..<count).map {
          attribute.text(of: Array(all[$0 * innerCount..<($0 + 1) * innerCount]))
        }))
  }
}

extension Results {
  /// The labels of all cells that were not run.
  package var missing: [[ResultsUnion.Label]] {
    let labels = status.axes.map { name in
      axes.first { $0.name == name }.map { LabelText.all($0.labels.elements) } ?? []
    }
    return status.cells.indices.filter { status.cells[$0] != .done }.map { cell in
      var rest = cell
      return zip(status.axes, labels).reversed().map { name, texts in
        defer { rest /= texts.count }
        return ResultsUnion.Label(axis: name, text: texts[rest % texts.count])
      }.reversed()
    }
  }
}

/// Labels as texts by which they are equal: 1 and 1.0 are one label.
enum LabelText {
  /// Whether labels are what labels can be: texts, or numbers that are some.
  static func areLabels(_ labels: StoredArray.Elements) -> Bool {
    switch labels {
    case .integers, .strings: true
    case .floats(let numbers): numbers.allSatisfy(\.isFinite)
    case .booleans: false
    }
  }

  static func all(_ labels: StoredArray.Elements) -> [String] {
    switch labels {
    case .integers(let numbers): numbers.map { "\($0)" }
    case .floats(let numbers): numbers.map(of)
    case .booleans(let flags): flags.map { "\($0)" }
    case .strings(let texts): texts
    }
  }

  static func of(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
}
