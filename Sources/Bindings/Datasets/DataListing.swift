internal import Datasets

/// What a name means: a data set that checks itself, or lists that are still to be checked.
enum FoundDataset {
  case opened(OpenedDataset)
  case listing(DataListing)

  /// The data set; the first fault of its lists is thrown.
  func opened() throws -> OpenedDataset {
    switch self {
    case .opened(let opened): opened
    case .listing(let listing): try listing.opened()
    }
  }
}

/// The lists of a data set, as a page or a file tells them.
struct DataListing {
  var lists: [SplitPart: ItemList]
  var frame: Dataset.Frame
  /// The page that describes it.
  var page: DatasetPage?

  func opened() throws -> OpenedDataset {
    let data: Dataset
    do throws(DatasetError) {
      data = try Dataset.listed(lists, frame)
    } catch {
      throw located(error)
    }
    let others = SplitPart.allCases.flatMap { lists[$0]?.others ?? [] }
    return OpenedDataset(
      data: data, page: page, source: frame.list, others: Set(others).sorted())
  }

  /// Everything that is wrong with the lists.
  var faults: [any Error] { Dataset.faults(of: lists, frame).map(located) }

  /// The number of classes, or of items of a part.
  func count(of name: String) -> Int {
    if name == "classes" {
      return lists.values.reduce(into: Set<Int>()) { $0.formUnion($1.labels) }.count
    }
    return SplitPart(rawValue: name).flatMap { lists[$0]?.count } ?? 0
  }

  /// Pictures that are missing may be one folder deeper.
  private func located(_ error: DatasetError) -> any Error {
    guard case .missingPictures(_, let folder, let count, let total, let first) = error,
      let path = first.first, let similar = DataSearch.deeper(folder, having: path)
    else { return error }
    let missing = DatasetMissing(folder: folder, count: count, total: total, first: first)
    return DataFailure(frame.name, .elsewhere(missing, similar: similar))
  }
}
