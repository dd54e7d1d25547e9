internal import Datasets
internal import Store

/// Metrics of one run, and means over seeds and data sets: rows are data sets, columns are seeds.
struct MetricCases {
  private let list: CaseList

  init(_ list: CaseList) { self.list = list }

  /// Whether a list is one of these.
  static func isList(_ json: JSON) -> Bool {
    json["evaluator"]?.array != nil || json["aggregation"]?.array != nil
  }

  var cases: [ReferenceCase] {
    (list.json.object ?? []).filter { $0.name != "about" }.map { group in
      let vectors = group.value.array ?? []
      return switch group.name {
      case "evaluator":
        VectorGroup(name: group.name, vectors: vectors, objection: Self.evaluation).reference
      case "aggregation":
        VectorGroup(name: group.name, vectors: vectors, objection: Self.aggregation).reference
      default: .skipped(group.name, "what it is about is not known to this version")
      }
    }
  }

  private static func evaluation(_ vector: JSON) throws -> String? {
    guard let labels = vector["y_true"]?.ints, let predictions = vector["y_pred"]?.ints,
      let most = (labels + predictions).max(), most < 1 << 32
    else { return "it has no labels y_true, or no predictions y_pred" }
    let own = try Evaluation(predictions: predictions, labels: labels, classCount: most + 1)
    return VectorGroup.difference("total", [own.total], vector["total"].map { .array([$0]) })
      ?? VectorGroup.difference("correct", [own.correct], vector["correct"].map { .array([$0]) })
      ?? VectorGroup.difference("accuracy", [own.accuracy], vector["accuracy"])
      ?? VectorGroup.difference("error", [own.error], vector["error"])
      ?? VectorGroup.difference("macro_f1", [own.macroF1], vector["macro_f1"])
      ?? VectorGroup.difference("perclass_average", [own.classMean], vector["perclass_average"])
      ?? VectorGroup.difference("labels", own.perClass.map(\.label), vector["labels"])
      ?? VectorGroup.difference("per_class", own.perClass.map(\.accuracy), vector["per_class"])
  }

  private static func aggregation(_ vector: JSON) throws -> String? {
    guard let base = vector["base"]?.rows, let new = vector["new"]?.rows else {
      return "it has no rows of numbers 'base' and 'new'"
    }
    let own = try HarmonicMeans(base: base, new: new)
    let figures = [
      ("base_mean", try base.map(Aggregation.mean)), ("new_mean", try new.map(Aggregation.mean)),
      ("base_std_population", try base.map(Aggregation.deviation)),
      ("new_std_population", try new.map(Aggregation.deviation)),
      ("hm_per_dataset_from_means", own.ofSeedMeans),
      ("hm_per_dataset_mean_of_seed_hms", own.meanOverSeeds),
      ("hm_per_dataset_std_population", own.deviationOverSeeds),
      ("hm_of_averages", [own.ofAverages]), ("mean_of_hms", [own.meanOfHarmonicMeans]),
    ]
    for (name, numbers) in figures {
      // A vector need not have them all, but what it has must agree.
      guard let expected = vector[name] else { continue }
      if let why = VectorGroup.difference(name, numbers, expected) { return why }
    }
    return nil
  }
}
