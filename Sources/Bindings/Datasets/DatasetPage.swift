internal import Datasets
internal import Language

/// What a page of `stdlib/datasets` or of a user says of a data set: where it lies, who split it, which
/// counts are published.
///
/// A page is a script whose top level names things:
///
///     let title = "…"       the name that others use for it
///     let folder = "…"      the data set's folder below the root
///     let pictures = "…"    the folder of the pictures below that one ("" for itself)
///     let list = "…"        its split file; without one, `official` tells the lists
///     let template = "…"
///     let counts = {…}      classes, train, val, test, as published
///     let order = "own"     if the order of the published lists is not known
///     fn official(data)     lists that are published by themselves: {train, val, test}
///     fn own(data, seed)    a split for want of the split file
struct DatasetPage {
  let name: String
  /// The file, for messages.
  let file: String
  let title: String
  let folder: String
  let pictures: String
  let split: String?
  let template: String
  let counts: [(name: String, count: Int)]
  let isInOwnOrder: Bool
  let official: Value?
  let own: Value?

  init(_ name: String, _ file: String, _ page: any HostMembers) throws {
    func value(_ word: String) throws -> Value? {
      guard page.memberNames.contains(word), let value = try page.member(word), !value.isNil else {
        return nil
      }
      return value
    }
    func text(_ word: String) throws -> String? {
      guard let value = try value(word) else { return nil }
      guard let text = value.string else {
        throw DataFailure(name, .page(file: file, "`\(word)` is no String"))
      }
      return text
    }
    func function(_ word: String) throws -> Value? {
      guard let value = try value(word) else { return nil }
      guard value.isCallable else {
        throw DataFailure(name, .page(file: file, "`\(word)` is no Function"))
      }
      return value
    }
    self.name = name
    self.file = file
    guard let folder = try text("folder") else {
      throw DataFailure(name, .page(file: file, "there is no `folder`"))
    }
    self.folder = folder
    title = try text("title") ?? name
    pictures = try text("pictures") ?? ""
    split = try text("list")
    template = try text("template") ?? "a photo of a {}."
    official = try function("official")
    own = try function("own")
    guard split != nil || official != nil || own != nil else {
      throw DataFailure(
        name, .page(file: file, "there is no `list`, `official` or `own`"))
    }
    switch try text("order") {
    case nil: isInOwnOrder = false
    case "own": isInOwnOrder = true
    default: throw DataFailure(name, .page(file: file, "`order` can only be \"own\""))
    }
    var counts: [(String, Int)] = []
    if let said = try value("counts") {
      guard let record = said.record else {
        throw DataFailure(name, .page(file: file, "`counts` is no Record"))
      }
      for entry in record.entries {
        guard ["classes", "train", "val", "test"].contains(entry.key), let count = entry.value.int
        else {
          throw DataFailure(
            name, .page(file: file, "`counts` has numbers of classes, train, val and test"))
        }
        counts.append((entry.key, count))
      }
    }
    self.counts = counts
  }

  /// How the data set's counts differ from the published ones.
  func differences(from data: Dataset) -> [(name: String, found: Int, published: Int)] {
    counts.compactMap { name, published in
      let found = data.count(of: name)
      return found == published ? nil : (name, found, published)
    }
  }
}

extension Dataset {
  /// The number of classes, or of items of a part.
  func count(of name: String) -> Int {
    if name == "classes" { return classes.count }
    return SplitPart(rawValue: name).flatMap { try? split($0).count } ?? 0
  }
}
