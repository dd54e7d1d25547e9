internal import Language
internal import Store

/// Learning rates by epoch, as the library's `learning_rate` gives them.
struct RateCases {
  private let list: CaseList
  private let replayer: Replayer

  init(_ list: CaseList, _ replayer: Replayer) { (self.list, self.replayer) = (list, replayer) }

  /// Whether a list is one of these.
  static func isList(_ json: JSON) -> Bool { json["runs"]?.array?.first?["lr"] != nil }

  /// More epochs than anyone trains.
  private static let most = 1_000_000

  var cases: [ReferenceCase] {
    let replayer = replayer
    return [
      VectorGroup(name: "runs", vectors: list.json["runs"]?.array ?? []) { run in
        guard let base = run["base_lr"]?.double, let epochs = run["epochs"]?.int,
          (1...Self.most).contains(epochs)
        else { return "it has no base_lr, or no number of epochs" }
        let given = Record([("base", .float(base)), ("epochs", .int(epochs))])
        let text = """
          map(0..<reference.epochs, fn(epoch) =>
            learning_rate(epoch, of: reference.epochs, base: reference.base))
          """
        let rates = try replayer.value(of: text, Value(given))?.list ?? []
        return VectorGroup.difference("lr", rates.compactMap(\.number), run["lr"])
      }.reference
    ]
  }
}
