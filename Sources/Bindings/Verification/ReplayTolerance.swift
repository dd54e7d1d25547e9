/// How far an entry of a reference file may be off.
///
/// Files that name their `case` are compared absolutely; of the others each entry is measured by the
/// largest number in it. Where all that is expected is as good as zero there is nothing to measure by,
/// and a tenth of the bound is allowed absolutely.
struct ReplayTolerance {
  let isAbsolute: Bool
  let usesAdam: Bool

  /// What an entry is about.
  private enum Subject {
    case logits, features, loss, gradient, parameters, weights, trace, tokens
  }

  /// A bound, and the number in whose unit it is.
  struct Bound {
    let bound: Double
    let unit: Double

    /// How large an error is, in the bound's unit.
    func error(_ difference: Double) -> Double { difference / unit }
  }

  /// The bound for an entry; `nil` if no rule is known for it.
  func bound(of entry: ReplayFile.Entry) -> Bound? {
    guard let subject = Self.subject(of: entry.path) else { return nil }
    if isAbsolute || subject == .tokens { return Bound(bound: absolute(subject), unit: 1) }
    let bound = subject == .gradient ? 1e-4 : 2e-5
    let largest = entry.values.reduce(0) { max($0, abs($1)) }
    guard largest >= Self.zero else { return Bound(bound: bound / 10, unit: 1) }
    return Bound(bound: bound, unit: largest)
  }

  /// Below this a gradient in single precision is rounding.
  private static let zero = 1e-6

  private func absolute(_ subject: Subject) -> Double {
    switch subject {
    case .logits: 1e-4
    case .features: 1e-5
    case .loss, .gradient: 3e-5
    case .parameters: usesAdam ? 2e-5 : 1e-5
    case .weights, .trace: 1e-6
    case .tokens: 0
    }
  }

  private static func subject(of path: String) -> Subject? {
    let words = path.split(separator: "/")
    guard let first = words.first, words.count <= 2 else { return nil }
    if words.count == 2 {
      switch first {
      case "grad": return .gradient
      case "after", "gpa": return .parameters
      case "loss_terms": return .loss
      case "trace": return .trace
      default: return nil
      }
    }
    switch first {
    case "eot_index": return .tokens
    case "gpa_weights": return .weights
    case "loss", "loss_curve", "ce", "kg", "ortho": return .loss
    case _ where first.hasSuffix("features"): return .features
    case _ where first.hasPrefix("logits") || first.hasSuffix("logits"): return .logits
    default: return nil
    }
  }
}
