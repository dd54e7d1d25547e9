/// The wording of the captions, without the final full stop.
extension PretrainingDraws {
  private static let prefixes = [
    "a photo of a", "a photo of a", "an image of a", "a picture of a", "a drawing of a", "a", "the",
    "this is a", "there is a",
  ]

  private var prefix: String { Self.prefixes[u.index(20, of: 9)] }

  private func r(_ index: Int) -> Float { u[30 + index] }

  /// "a photo of a" becomes "a photo of an" before a vowel; the prefix "a" alone stays.
  private func introduced(_ words: String) -> String {
    let isVowel = words.first.map { "aeio".contains($0) } ?? false
    return prefix + (isVowel && prefix.hasSuffix(" a") ? "n " : " ") + words
  }

  private func article(before words: String) -> String {
    words.first.map { "aeio".contains($0) } ?? false ? "an" : "a"
  }

  /// A shape, with its colour where that is told.
  private func named(_ shape: Int, _ colour: Int, isColoured: Bool) -> String {
    (isColoured ? "\(Palette.names[colour]) " : "") + Shape.names[shape]
  }

  func caption(single plan: Plan, _ name: String) -> String {
    let name = r(0) < 0.05 ? "shape" : name
    let colour = r(1) < 0.55 ? Palette.names[plan.colour] : ""
    let isFillTold = plan.texture != .solid && r(2) < 0.5 || r(2) < 0.05
    let fill = isFillTold ? plan.texture.name : ""
    let size =
      r(3) > 0.3 ? "" : plan.size < 0.68 ? "small" : plan.size > 0.82 ? "large" : "medium"
    let place = r(5) < 0.15 ? Self.place(plan.x, plan.y) : ""
    if r(6) < 0.65 { return introduced(Self.joined([size, colour, fill, name], " ")) + place }
    if r(6) < 0.8 {
      return introduced(Self.joined([size, name], " "))
        + (colour.isEmpty ? "" : " in \(colour)") + (fill.isEmpty ? "" : " with \(fill) fill")
    }
    return Self.joined([name, colour, fill, size], ", ") + place
  }

  func caption(texture: Texture) -> String {
    let noun = ["texture", "pattern", "surface", "background"][Int(r(0) * 4)]
    let (first, second) = (Palette.names[colour], Palette.names[secondColour])
    if r(2) < 0.8 {
      let colours = r(1) < 0.5 ? "" : r(1) < 0.85 ? "\(first) and \(second) " : "\(second) "
      return introduced("\(colours)\(texture.name) \(noun)")
    }
    return "\(texture.name) \(noun)" + (r(1) > 0.5 ? " in \(first) and \(second)" : "")
  }

  func caption(scene second: Int, _ relation: Relation) -> String {
    var words = (
      named(shape, colour, isColoured: r(0) < 0.6),
      named(second, secondColour, isColoured: r(1) < 0.6)
    )
    var relation = relation
    if r(2) < 0.5 {
      words = (words.1, words.0)
      relation = relation.opposite
    }
    if r(4) < 0.75 {
      let article = r(3) < 0.4 ? "" : article(before: words.1) + " "
      return "\(introduced(words.0)) \(relation.words) \(article)\(words.1)"
    }
    return "\(words.0) \(r(4) < 0.85 ? "and" : relation.words) \(words.1)"
  }

  func caption(emblem outer: Int) -> String {
    let inner = named(shape, colour, isColoured: r(0) < 0.6)
    let outer = named(outer, secondColour, isColoured: r(1) < 0.6)
    if r(2) < 0.7 { return "\(introduced(inner)) inside \(r(3) < 0.6 ? "a " : "")\(outer)" }
    return "\(introduced(outer)) with \(article(before: inner)) \(inner) inside"
  }

  func caption(count number: Int) -> String {
    let starts = ["a photo of ", "an image of ", "a picture of ", "", "there are "]
    let noun = named(shape, colour, isColoured: r(0) < 0.6) + (number > 1 ? "s" : "")
    return "\(starts[Int(r(1) * 5)])\(Number.words[number]) \(noun)"
  }

  func caption(field: Field) -> String {
    let name = Field.names[field.rawValue]
    switch Int(r(0) * 5) {
    case 0: return "an aerial photo of \(name)"
    case 1: return "\(name) from above"
    case 2: return "a satellite image of \(name)"
    case 3: return "a photo of \(name)"
    default: return "\(prefix) \(name)"
    }
  }

  private static func place(_ x: Float, _ y: Float) -> String {
    if x < -0.1 { return " on the left" }
    if x > 0.1 { return " on the right" }
    if y < -0.1 { return " at the top" }
    if y > 0.1 { return " at the bottom" }
    return " in the middle"
  }

  private static func joined(_ words: [String], _ separator: String) -> String {
    words.filter { !$0.isEmpty }.joined(separator: separator)
  }
}
