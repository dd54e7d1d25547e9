import Store
import TestSupport
import Testing

@Suite struct ResultsUnionTests {
  /// A result over data sets, algorithms and seeds; numbers by cell, NaN for one that was not run.
  private func result(
    _ algorithms: [String], seeds: [Int] = [], _ numbers: [Double], model: String = "b16",
    settings: String? = nil, digest: String = "d1", labels: StoredArray.Elements? = nil
  ) throws -> Results {
    let axes = ["algorithm", "seed"]
    var attributes: [Node.Attribute] = [
      .init("model", .string(model)), .init("data_digest", .string(digest)),
    ]
    if let settings { attributes.append(.init("settings", .string(settings))) }
    return try Results(
      axes: [
        .init("algorithm", .strings(algorithms), longName: ""),
        .init(
          "seed", labels.map { StoredArray(shape: [$0.count], $0) } ?? .integers(seeds),
          longName: ""),
      ],
      variables: [
        .init("hm", axes: axes, .floats(numbers), units: "%", longName: ""),
        .init(
          "hm_total", axes: axes, .integers(numbers.map { $0.isNaN ? 0 : 80 }), units: "1",
          longName: ""),
      ],
      status: .init(axes: axes, numbers.map { $0.isNaN ? .absent : .done }),
      attributes: attributes,
      details: numbers.indices.filter { !numbers[$0].isNaN }.map {
        .init("cell \($0)", .record([.init("curve", .float(numbers[$0]))]))
      })
  }

  private func joined(_ sources: Results...) throws -> (Results?, [ResultsUnion.Contradiction]) {
    var union = ResultsUnion(sources.enumerated().map { .init("\($0).h5", $1) })
    let results = try union.results()
    return (results, union.contradictions)
  }

  private func numbers(_ results: Results?) -> [Double] {
    guard case .floats(let values)? = results?.variables.first?.values else { return [] }
    return values
  }

  @Test func `whole labels beyond the doubles stay what they are, and no number is no label`()
    throws
  {
    let large = 1 << 53
    let (all, contradictions) = try joined(
      result(["A"], seeds: [large + 1, large], [1, 2]), result(["A"], seeds: [large + 1], [1]))
    #expect(contradictions == [])
    #expect(all?.axes.last?.labels == .integers([large + 1, large]))
    let mixed = try joined(
      result(["A"], seeds: [large + 1], [1]), result(["A"], [2], labels: .floats([0.5])))
    #expect(mixed.1 == [.labels(axis: "seed", source: "0.h5")])
    let none = try joined(
      result(["A"], [1], labels: .floats([.nan])), result(["A"], seeds: [1], [2]))
    #expect(none.1 == [.labels(axis: "seed", source: "0.h5")])
    let flags = try joined(
      result(["A"], [1], labels: .booleans([true])), result(["A"], seeds: [1], [2]))
    #expect(flags.1.contains(.labels(axis: "seed", source: "0.h5")))
  }

  @Test func `settings for each number of shots are joined over algorithms and shots`() throws {
    func few(_ algorithms: [String], _ shots: [Int], _ settings: String) throws -> Results {
      let axes = ["algorithm", "shots"]
      let count = algorithms.count * shots.count
      return try Results(
        axes: [
          .init("algorithm", .strings(algorithms), longName: ""),
          .init("shots", .integers(shots), longName: ""),
        ],
        variables: [
          .init(
            "accuracy", axes: axes, .floats([Double](repeating: 1, count: count)), units: "%",
            longName: "")
        ],
        status: .init(axes: axes, [Results.Cell](repeating: .done, count: count)),
        attributes: [.init("settings", .string(settings))], details: [])
    }
    let (all, contradictions) = try joined(
      few(["A"], [4, 16], "[[{\"lr\": 4}, {\"lr\": 16}]]"),
      few(["B", "A"], [1], "[[{\"lr\": 2}], [{\"lr\": 1}]]"))
    #expect(contradictions == [])
    #expect(
      all?.attributes.first?.value.text
        == "[[{\"lr\": 1}, {\"lr\": 4}, {\"lr\": 16}], [{\"lr\": 2}, null, null]]")
    let other = try joined(
      few(["A"], [4], "[[{\"lr\": 4}]]"), few(["A"], [4], "[[{\"lr\": 5}]]"))
    #expect(!other.1.isEmpty)
  }

  @Test func `labels are united and numbers copied to their cells`() throws {
    let (all, contradictions) = try joined(
      result(["A"], seeds: [2, 3], [1, 2]), result(["B"], seeds: [1, 2], [3, 4]))
    #expect(contradictions == [])
    #expect(all?.axes.map(\.labels) == [.strings(["A", "B"]), .integers([1, 2, 3])])
    let found = numbers(all)
    #expect(found.map { $0.isNaN ? -1 : $0 } == [-1, 1, 2, 3, 4, -1])
    #expect(all?.variables.last?.values.count == 6)
    #expect(all?.details.map(\.key) == ["cell 1", "cell 2", "cell 3", "cell 4"])
    #expect(
      all?.missing == [
        [.init(axis: "algorithm", text: "A"), .init(axis: "seed", text: "1")],
        [.init(axis: "algorithm", text: "B"), .init(axis: "seed", text: "3")],
      ])
  }

  @Test func `the same cell with the same numbers is no contradiction`() throws {
    let (all, contradictions) = try joined(
      result(["A"], seeds: [1, 2], [1, .nan]), result(["A"], seeds: [1, 2], [1, 2]))
    #expect(contradictions == [] && numbers(all) == [1, 2])
  }

  @Test func `the same cell with other numbers is a contradiction with its labels`() throws {
    let (all, contradictions) = try joined(
      result(["A", "B"], seeds: [7], [1, 2]), result(["B"], seeds: [7], [2.5]))
    let place = [
      ResultsUnion.Label(axis: "algorithm", text: "B"), .init(axis: "seed", text: "7"),
    ]
    #expect(all == nil)
    #expect(
      contradictions == [
        .cell("hm", labels: place, first: "2.0", second: "2.5", sources: ["0.h5", "1.h5"]),
        .details("", labels: place, sources: ["0.h5", "1.h5"]),
      ])
  }

  @Test func `results about other models contradict each other`() throws {
    let (all, contradictions) = try joined(
      result(["A"], seeds: [1], [1]), result(["B"], seeds: [1], [1], model: "l14"))
    #expect(all == nil)
    #expect(
      contradictions == [
        .about("model", first: "b16", second: "l14", sources: ["0.h5", "1.h5"])
      ])
  }

  @Test func `settings are joined algorithm by algorithm`() throws {
    let a = #"{"lr": 0.1, "words": "[, ]\""}"#
    let (all, contradictions) = try joined(
      result(["A", "B"], seeds: [1], [1, 2], settings: "[\(a), [1, 2]]"),
      result(["C", "A"], seeds: [1], [3, 1], settings: "[{}, \(a)]"))
    #expect(contradictions == [])
    let settings = all?.attributes.first { $0.name == "settings" }?.value.text
    #expect(settings == "[\(a), [1, 2], {}]")
    let (none, found) = try joined(
      result(["A"], seeds: [1], [1], settings: "[{}]"),
      result(["A", "B"], seeds: [1], [1, 2], settings: "[{\"lr\": 1}, {}]"))
    #expect(none == nil && found.count == 1)
  }

  @Test func `axes of other names and labels of other kinds are told`() throws {
    let shots = try Results(
      axes: [.init("shots", .integers([1]), longName: "")], variables: [],
      status: .init(axes: ["shots"], [.done]))
    let (_, axes) = try joined(result(["A"], seeds: [1], [1]), shots)
    #expect(axes == [.axes(["algorithm", "seed"], ["shots"], source: "1.h5")])
    let texts = try Results(
      axes: [.init("shots", .strings(["1"]), longName: "")], variables: [],
      status: .init(axes: ["shots"], [.done]))
    let twice = try Results(
      axes: [.init("shots", .integers([1, 1]), longName: "")], variables: [],
      status: .init(axes: ["shots"], [.done, .done]))
    #expect(try joined(shots, texts).1 == [.labels(axis: "shots", source: "1.h5")])
    #expect(try joined(shots, twice).1 == [.labels(axis: "shots", source: "1.h5")])
  }

  @Test func `a union beyond what anybody runs is an error`() throws {
    func wide(_ offset: Int) throws -> Results {
      let axes = ["a", "b", "c"]
      let labels = StoredArray.integers([offset])
      return try Results(
        axes: axes.map { .init($0, labels, longName: "") }, variables: [],
        status: .init(axes: axes, [.done]))
    }
    let sources = try (0..<101).map { ResultsUnion.Source("\($0)", try wide($0)) }
    var union = ResultsUnion(sources)
    #expect(throws: StoreError.Fault.tooMany("cells", limit: 1_000_000)) { try union.results() }
  }

  @Test func `where the sources came from is kept, and volatile things are no part of the hash`()
    throws
  {
    let folder = try TemporaryFolder()
    func write(_ name: String, host: String) throws -> String {
      var source = Provenance()
      source.script = "run()"
      source.seed = 3
      source.volatile.host = host
      var provenance = Provenance()
      provenance.sources = [.init(contentHash: "abc", source)]
      return try Archive(provenance: provenance).write(to: folder.file(name))
    }
    #expect(try write("a.h5", host: "x") == write("b.h5", host: "y"))
    let source = try #require(try Archive(reading: folder.file("a.h5")).provenance.sources.first)
    #expect(source.contentHash == "abc" && source.provenance.script == "run()")
    #expect(source.provenance.volatile.host == "x")
  }

  @Test func `numbers on labelled axes differ at their labels`() throws {
    let (a, b) = (
      try result(["A", "B"], seeds: [1], [1, 2]), try result(["A", "B"], seeds: [1], [1, 3])
    )
    let found = Difference.between(try a.node, try b.node).filter { $0.path == "/hm" }
    #expect(
      found == [
        .init(
          path: "/hm",
          what: .cell(
            [.init(axis: "algorithm", text: "B"), .init(axis: "seed", text: "1")], first: 2,
            second: 3))
      ])
    #expect(Difference.between(try a.node, try b.node, .init(absolute: 1)) == [])
  }
}
