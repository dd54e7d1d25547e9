internal import Datasets
internal import Foundation
internal import Language
internal import Store

/// What a script asks `dataset` for.
struct DatasetRequest {
  var name: String
  var seed = 1
  var root: String?
  var gap: Double?
  var template: String?
}

/// A data set with what is to be said about it.
struct OpenedDataset {
  var data: Dataset
  /// The page that describes it.
  var page: DatasetPage?
  /// What told its parts, for a reader.
  var source: String
  /// Files that were passed over.
  var others: [String] = []
}

/// Finding a data set by its name. In this order: a drawn set; a page, of the library or of the user
/// (`birds.duet`); a file that lists pictures (`split.json`, `split.csv`); a folder.
extension Engine {
  func opened(_ request: DatasetRequest, _ interpreter: Interpreter) throws -> OpenedDataset {
    var opened = try found(request, interpreter).opened()
    if let template = request.template { opened.data = try opened.data.templated(template) }
    return opened
  }

  /// What a name means; lists are not checked yet.
  func found(_ request: DatasetRequest, _ interpreter: Interpreter) throws -> FoundDataset {
    let name = request.name
    if request.root == nil, ShapesSet(rawValue: name) != nil {
      let data = try Dataset.named(name, seed: request.seed, gap: request.gap)
      return .opened(OpenedDataset(data: data, source: "drawings"))
    }
    if let page = try page(name, interpreter) {
      guard request.gap == nil else { throw DatasetError.gapOfFolder(path: name) }
      return .listing(try listing(page, request, interpreter))
    }
    let ending = name.split(separator: ".").last?.lowercased()
    if ending == "json" || ending == "csv" {
      guard request.gap == nil else { throw DatasetError.gapOfFolder(path: name) }
      return .listing(try listing(DataSearch.expanded(name), isTable: ending == "csv", request))
    }
    return try foundFolder(request)
  }

  // MARK: - Own data

  private func foundFolder(_ request: DatasetRequest) throws -> FoundDataset {
    let name = DataSearch.expanded(request.name)
    var path = request.root.map { DataSearch.join(DataSearch.expanded($0), request.name) } ?? name
    if request.root == nil, !Directory.exists(path), let root = DataSearch.defaultRoot,
      Directory.exists(DataSearch.join(root, name))
    {
      path = DataSearch.join(root, name)
    }
    guard Directory.exists(path) else {
      throw DatasetError.unknown(name: path, drawn: ShapesSet.allCases.map(\.rawValue))
    }
    guard request.gap == nil else { throw DatasetError.gapOfFolder(path: path) }
    let splits = try Directory(listing: path).files.filter {
      $0.hasPrefix("split_") && $0.hasSuffix(".json")
    }
    if splits.count == 1 {
      var inner = request
      inner.root = nil
      return .listing(try listing("\(path)/\(splits[0])", isTable: false, inner, name: path))
    }
    let data = try Dataset.folder(path, seed: request.seed)
    return .opened(
      OpenedDataset(
        data: data, source: data.splitting == .folders ? "folders of parts" : "folders of classes"))
  }

  /// A list of a user's pictures; the root is their folder, which is the list's own if none is named.
  private func listing(
    _ file: String, isTable: Bool, _ request: DatasetRequest, name: String? = nil
  ) throws -> DataListing {
    let here = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let folder = request.root.map(DataSearch.expanded) ?? (here.isEmpty ? "/" : here)
    guard Directory.exists(folder) else {
      throw DataFailure(file, .noPictures(folder, similar: nil))
    }
    let title = (name ?? file).split(separator: "/").last.map(String.init) ?? file
    var frame = Dataset.Frame(
      name: name == nil ? String(title.prefix { $0 != "." }) : title, list: file,
      pictures: folder)
    let lists: [SplitPart: ItemList]
    if isTable {
      let bytes = try Gzip.bytes(of: file, limit: DataFolderValue.textLimit)
      let table = try ItemTable(bytes, file: file)
      if let parts = table.parts {
        lists = parts
      } else {
        lists = try table.all.splitInThree(seed: request.seed, of: file)
        (frame.splitting, frame.seed) = (.own, request.seed)
      }
    } else {
      lists = try SplitFile.lists(of: file)
    }
    if request.root == nil { frame.pictures = Self.folder(of: lists, around: folder) }
    return DataListing(lists: lists, frame: frame)
  }

  /// The folder of the pictures: the list's own, or the one below it that has the first of them.
  private static func folder(of lists: [SplitPart: ItemList], around folder: String) -> String {
    let list = lists[.train] ?? lists[.test] ?? lists[.val]
    guard let first = list?.paths.first, !first.hasPrefix("/") else { return folder }
    if Directory.hasFile("\(folder)/\(first)") { return folder }
    return DataSearch.deeper(folder, having: first) ?? folder
  }

  // MARK: - Pages

  /// The page of a name: a file of the user's, a page of the library, or one whose title it is.
  func page(_ name: String, _ interpreter: Interpreter) throws -> DatasetPage? {
    if name.hasSuffix(".duet") {
      let file = URL(fileURLWithPath: DataSearch.expanded(name)).path
      guard Directory.hasFile(file) else { throw StoreError(file: name, .noFile) }
      let title = name.split(separator: "/").last.map(String.init) ?? name
      let value = try interpreter.imported(.file(file))
      return try (value.object as? any HostMembers).map {
        try DatasetPage(String(title.dropLast(5)), name, $0)
      }
    }
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
    let known = pageNames
    if known.contains(name) { return try libraryPage(name, interpreter) }
    // Reading all pages is for names that mean nothing else.
    guard !Directory.exists(name) else { return nil }
    for other in known {
      if let page = try libraryPage(other, interpreter), page.title == name { return page }
    }
    return nil
  }

  /// The names of the library's pages, sorted.
  var pageNames: [String] {
    guard let library, let listing = try? Directory(listing: library.folder + "/datasets") else {
      return []
    }
    return listing.files.filter { $0.hasSuffix(".duet") }.map { String($0.dropLast(5)) }
  }

  func libraryPage(_ name: String, _ interpreter: Interpreter) throws -> DatasetPage? {
    let value = try interpreter.imported(.library(["datasets", name]))
    return try (value.object as? any HostMembers).map {
      try DatasetPage(name, "stdlib/datasets/\(name).duet", $0)
    }
  }

  /// Where a page's data set lies; throws when its folders are not there.
  func place(of page: DatasetPage, root: String?) throws -> (folder: String, pictures: String) {
    let root = root.map(DataSearch.expanded) ?? DataSearch.defaultRoot ?? "."
    guard Directory.exists(root) else { throw DataFailure(page.name, .noRoot(root)) }
    let folder = DataSearch.join(root, page.folder)
    let inner = [page.pictures, page.split ?? ""].filter { !$0.isEmpty }
    guard Directory.exists(folder) else {
      throw DataFailure(
        page.name,
        .noFolder(
          folder, holds: inner,
          similar: DataSearch.similar(
            to: page.folder, in: root, holding: Array(inner.prefix(1)))))
    }
    let pictures = DataSearch.join(folder, page.pictures)
    guard Directory.exists(pictures) else {
      throw DataFailure(
        page.name,
        .noPictures(
          pictures,
          similar: DataSearch.similar(to: page.pictures, in: folder, holding: [])))
    }
    return (folder, pictures)
  }

  private func listing(
    _ page: DatasetPage, _ request: DatasetRequest, _ interpreter: Interpreter
  ) throws -> DataListing {
    let (folder, pictures) = try place(of: page, root: request.root)
    let data = Value(DataFolderValue(folder, pictures: pictures))
    var frame = Dataset.Frame(
      name: page.name, list: page.file, pictures: pictures, kind: .published,
      template: page.template, splitting: page.isInOwnOrder ? .publishedInOwnOrder : .published)
    let lists: [SplitPart: ItemList]
    if let split = page.split, Directory.hasFile(DataSearch.join(folder, split)) {
      frame.list = DataSearch.join(folder, split)
      lists = try SplitFile.lists(of: frame.list)
    } else if let official = page.official {
      lists = try parts(of: try interpreter.call(official, [data]), page)
    } else if let own = page.own {
      lists = try parts(of: try interpreter.call(own, [data, .int(request.seed)]), page)
      (frame.kind, frame.splitting, frame.seed) = (.own, .own, request.seed)
    } else {
      throw DataFailure(page.name, .noSplit(DataSearch.join(folder, page.split ?? "")))
    }
    return DataListing(lists: lists, frame: frame, page: page)
  }

  private func parts(of value: Value, _ page: DatasetPage) throws -> [SplitPart: ItemList] {
    guard let record = value.record, !record.isEmpty,
      record.keys.allSatisfy({ SplitPart(rawValue: $0) != nil })
    else {
      throw DataFailure(
        page.name, .page(file: page.file, "its function gives no record of train, val and test"))
    }
    var lists: [SplitPart: ItemList] = [:]
    for entry in record.entries {
      guard let part = SplitPart(rawValue: entry.key) else { continue }
      lists[part] = try ItemListValue.list(of: entry.value, entry.key, file: page.file)
    }
    return lists
  }
}
