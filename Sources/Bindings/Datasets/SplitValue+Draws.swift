internal import Datasets
internal import Language
internal import Store

/// Few-shot draws: made here, read from the field's own files, kept as JSON.
extension SplitValue {
  /// A draw by the seed; what is unusual about it is said.
  func fewShot(_ shots: Int, seed: Int) -> Value {
    let short = split.shortClasses(for: shots)
    if short > 0 {
      engine.notice(
        "\(short) of \(split.classes.count) classes of \"\(dataset.name)\" have fewer than \(shots) "
          + "pictures to draw from, and keep all of them")
    }
    if seed == 0, dataset.kind == .published {
      engine.notice("seed 0 is a seed here; the field's released code takes it for none")
    }
    return with(split.fewShot(shots, seed: seed), drawn: Draw(shots: shots, seed: seed))
  }

  /// The pictures of a draw in a file.
  func fewShot(from path: String) throws -> Value {
    let path = DataSearch.expanded(path)
    let bytes = try Gzip.bytes(of: path, limit: PickledItems.limit)
    let isJSON = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
    return isJSON ? try savedDraw(path) : try pickledDraw(path, bytes)
  }

  private func pickledDraw(_ path: String, _ bytes: [UInt8]) throws -> Value {
    let pickle: PickledItems
    do throws(StoreError.Fault) {
      pickle = try PickledItems(parsing: bytes)
    } catch {
      throw StoreError(file: path, error)
    }
    guard let list = pickle.lists.first(where: { $0.name == part.rawValue }) else {
      throw DatasetError.list(
        path, .form("no list `\(part.rawValue)`"), count: pickle.lists.count, first: [])
    }
    var items = ItemList()
    for item in list.items { items.append(item.path, label: item.label, name: item.name) }
    return with(try checked(items, path))
  }

  private func savedDraw(_ path: String) throws -> Value {
    let json = try SplitFile.json(of: path)
    func wrong(_ what: String) -> DatasetError { .list(path, .form(what), count: 1, first: []) }
    guard json["duet_draw"]?.int == 1 else { throw wrong("no `duet_draw` of version 1") }
    guard json["part"]?.string == part.rawValue else {
      throw wrong("a draw of another part than \(part.rawValue)")
    }
    guard let rows = json["items"]?.array else { throw wrong("no `items`") }
    let drawn = try checked(try SplitFile.items(rows, "items", wrong), path)
    if let digest = json["list_digest"]?.string, digest != listDigest {
      engine.notice(
        "\(path) was drawn from another list than this one, which has all of its pictures")
    }
    guard let shots = json["shots"]?.int, let seed = json["seed"]?.int else { return with(drawn) }
    return with(drawn, drawn: Draw(shots: shots, seed: seed))
  }

  private func checked(_ items: ItemList, _ path: String) throws -> Split {
    guard items.contradictions.isEmpty else {
      throw DatasetError.list(
        path, .contradictoryNames, count: items.contradictions.count,
        first: Array(items.contradictions.prefix(5)))
    }
    guard items.count > 0 else { throw DatasetError.list(path, .noItems, count: 0, first: []) }
    return try split.drawn(items)
  }

  /// SHA-256 of the list of all pictures of this part.
  private var listDigest: String {
    guard let all = try? dataset.split(part).everything else { return "" }
    return Digest.sha256(zip(all.labels, all.names).map { "\($0) \($1)\n" }.joined())
  }

  /// Writes the draw; pictures of all classes, whatever was selected.
  func saveDraw(to path: String, overwriting: Bool, _ arguments: borrowing Arguments) throws {
    let text = try drawText()
    try Engine.check(path, arguments)
    guard engine.writesFiles else { return }
    let path = DataSearch.expanded(path)
    try Engine.makeFolder(of: path)
    if Directory.hasFile(path) {
      let bytes = try Gzip.bytes(of: path, limit: SplitFile.limit)
      if bytes.elementsEqual(text.utf8) { return }
      guard (try? SplitFile.json(of: path))?["duet_draw"] != nil else {
        throw StoreError(file: path, .notDuet)
      }
      guard overwriting else {
        throw Fault(
          "file", "'\(path)' holds another draw",
          help: "`overwrite: true` replaces it; another name keeps both")
      }
    }
    try TextFile.write(text, to: path)
  }

  /// The draw as JSON.
  func drawText() throws -> String {
    guard let draw else {
      throw Fault(
        .value, "these pictures were not drawn by `few_shot`, so there is no draw to save")
    }
    let all = split.everything
    let items = zip(all.names, all.labels).map { name, label in
      Value([Value(name), .int(label), Value(split.allClasses[label])])
    }
    let head: [(String, Value)] = [
      ("duet_draw", .int(1)), ("dataset", Value(dataset.name)), ("part", Value(part.rawValue)),
      ("shots", .int(draw.shots)), ("seed", .int(draw.seed)), ("list_digest", Value(listDigest)),
    ]
    let lines = head.map { "  \(Engine.json(Value($0.0))): \(Engine.json($0.1)),\n" }.joined()
    let rows = items.map { "    \(Engine.json($0))" }.joined(separator: ",\n")
    return "{\n\(lines)  \"items\": [\n\(rows)\n  ]\n}\n"
  }
}
